/**
 * Time limits: long-running loops check the deadline of the current work, and throw one exception when it has passed.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.deadline;

import org.jspecify.annotations.NullMarked;
