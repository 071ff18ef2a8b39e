/**
 * Recorded traffic against a set of policies: what passed and would be denied, what was dropped and would pass. Logs say what happens in a
 * cluster today, so that a change of policies can be tried on it before it breaks something.
 */
@NullMarked
package dev.postern.replay;

import org.jspecify.annotations.NullMarked;
