/**
 * The diagnostics of inputs: stable codes, one catalogue of messages, positions in files and hints. All messages about manifests are defined
 * here.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.diagnostic;

import org.jspecify.annotations.NullMarked;
