/*
title = "Number JSON records by their lines"
description = "Those of a block from which lines were taken out, as `together` shifts them."
*/
update raw_lines
set record_no = shifted.record_no
from (
    select
        l.rowid as place,
        l.record_no + t.shift as record_no
    from raw_lines l
    asof inner join together t on l.record_no > t.rows_before
) shifted
where raw_lines.rowid = shifted.place;
