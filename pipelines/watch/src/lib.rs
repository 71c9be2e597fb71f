//! Notices that nothing moves in a camera's picture, and that the camera no longer sees what it should.
//!
//! Deliberately absent: pixels that outlive a call in full resolution, clocks, disks, threads, and any
//! judgement about what moves: movement is all that is looked for.
