/*
title = "Number what is staged by its lines"
description = "The records of a block from which lines were taken out, as `together` shifts them."
*/
update staged
set record_no = shifted.record_no
from (
    select
        s.rowid as place,
        s.record_no + t.shift as record_no
    from staged s
    asof inner join together t on s.record_no > t.rows_before
    where s.block = getvariable('block')
) shifted
where staged.rowid = shifted.place;
