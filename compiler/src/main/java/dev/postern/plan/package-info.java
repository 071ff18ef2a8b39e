/**
 * Turns a cluster into a plan that any target can enforce: endpoint classes, rules as rectangles over classes, and for every class and
 * direction the table of the traffic that passes. It trusts the cluster; the tables are tested against
 * {@link dev.postern.meaning.Reference}.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.plan;

import org.jspecify.annotations.NullMarked;
