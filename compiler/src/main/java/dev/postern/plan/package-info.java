/**
 * Turns a cluster into a plan that any target can enforce: classes of endpoints that no policy tells apart, rules as rectangles over
 * classes, and for every class and direction the table of what passes. It trusts the cluster; the tables are tested against
 * {@link dev.postern.meaning.Reference}.
 */
@NullMarked
package dev.postern.plan;

import org.jspecify.annotations.NullMarked;
