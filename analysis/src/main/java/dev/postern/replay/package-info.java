/**
 * Traffic that was seen against a set of policies: what passed and would be denied, what was dropped and would pass. Logs say what happens
 * in a cluster today, so that a change of policies can be tried on it before it breaks something. Records are folded into edges as they
 * come, so that a log of any length takes the memory of its edges.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.replay;

import org.jspecify.annotations.NullMarked;
