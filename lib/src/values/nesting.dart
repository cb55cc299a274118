/// How many levels of a value may stand inside each other. Lists, sets, maps,
/// record ids and ranges count one level each.
///
/// It is `MAX_DEPTH` of `native/codec`: the engine stores values of up to 256
/// levels, and the rest is for what stands around them.
const maxNesting = 300;
