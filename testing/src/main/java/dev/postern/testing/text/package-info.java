/**
 * Turns clusters into manifests, as YAML or JSON text, as a user or {@code kubectl get} would write them. It shares no code with the reader,
 * so reading its output tests both.
 */
@NullMarked
package dev.postern.testing.text;

import org.jspecify.annotations.NullMarked;
