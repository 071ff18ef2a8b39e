/**
 * Turns manifests (YAML or JSON, from files, streams or strings) into one cluster and a list of everything that is wrong with them. It
 * trusts no input: a document with an error is left out, the others are used, and nothing but diagnostics comes out of bad text.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.manifest;

import org.jspecify.annotations.NullMarked;
