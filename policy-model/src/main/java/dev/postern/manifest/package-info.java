/**
 * Turns manifests (YAML or JSON, from files, streams or strings) into one cluster and a list of all problems. It trusts no input: a document
 * with an error is left out, the others are used, and bad text results only in diagnostics.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.manifest;

import org.jspecify.annotations.NullMarked;
