/**
 * Shows which statements of test specifications hold: one class a format. It adds nothing to {@link dev.postern.spec.Check}.
 */
@NullMarked
package dev.postern.cli.spec;

import org.jspecify.annotations.NullMarked;
