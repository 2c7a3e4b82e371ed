-- Jobs that no function was told of are `unsent`, as the column is `sent_at`.

-- the function that gets another form
DROP FUNCTION IF EXISTS driveshaft.queue_depth(text[]);
