package dev.postern.prove;

import dev.postern.enforced.EnforcedRules.Ending;

/** What is taken for granted of programs in user space that rules hand packets to. */
enum UserSpace {
  /** They decide as the policies say: only what the rules decide can be wrong. */
  RIGHT,
  /** They decide the other way around: whatever hangs on them is wrong. */
  WRONG;

  /** What they decide of packets that ought to pass, or of those that ought to be dropped. */
  Ending decides(boolean shouldPass) {
    return (this == RIGHT) == shouldPass ? Ending.ACCEPT : Ending.DROP;
  }
}
