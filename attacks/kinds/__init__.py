"""One module a kind of attack; docs/attacks.md has a row for each.

A module says in the first line of its docstring what is attacked, and has

* `FULL`, how many attacks `make attack` makes, and `STEP`, how many of them one process makes;
* `attack(count, seed, folder)`, which makes `count` attacks, other ones for another seed, in an empty folder of its
  own, and returns a `Counted`. It never raises for what it finds.
"""
