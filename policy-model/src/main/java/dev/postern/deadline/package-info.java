/**
 * How long work may take: whoever loops looks at the deadline that the work was begun under, and gives up by one exception when it has passed.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.deadline;

import org.jspecify.annotations.NullMarked;
