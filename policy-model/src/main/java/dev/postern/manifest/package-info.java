/**
 * Turns manifests (YAML or JSON, from files, streams or strings) into one cluster and a list of everything that is wrong with them. It
 * trusts no input: a document with an error is left out, the others are used, and nothing but diagnostics comes out of bad text.
 */
@NullMarked
package dev.postern.manifest;

import org.jspecify.annotations.NullMarked;
