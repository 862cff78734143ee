-- The number and the window of a filing are lists beside the filings, in their order: writing one into
-- an array of rows copied all of the batch's documents, for each of them.

alter type gate.filing drop attribute window_from, drop attribute number;
