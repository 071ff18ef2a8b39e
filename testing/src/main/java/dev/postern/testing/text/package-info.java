/**
 * Turns clusters into the manifests that a user or {@code kubectl get} would write for them, as YAML or JSON text. It shares no code with
 * the reader, so that reading what it wrote tests both.
 */
@NullMarked
package dev.postern.testing.text;

import org.jspecify.annotations.NullMarked;
