/** Marks beside manifests that leave findings alone, and the names of rules in them. */
@NullMarked
package dev.postern.lint.mark;

import org.jspecify.annotations.NullMarked;
