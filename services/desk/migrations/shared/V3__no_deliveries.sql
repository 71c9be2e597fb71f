-- How far a webhook's receiver has got is a position on the bus; nothing was ever kept here.
DROP TABLE deliveries;
