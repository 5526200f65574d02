-- Nothing to do here. Windows change in the transaction of each settlement, because several processes write, whose sequences do not commit in order.
SELECT 1;
