-- Nothing to do here. A silo's log would have to be read by others when it is gone; PostgreSQL's own does the same work for all of them.
SELECT 1;
