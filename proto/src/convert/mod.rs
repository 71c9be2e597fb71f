//! Between domain types and wire types, one file per message.
