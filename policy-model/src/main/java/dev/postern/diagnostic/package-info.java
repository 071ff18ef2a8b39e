/**
 * Everything Postern has to say about an input: stable codes, one catalogue of messages, the place in the file and the way out.
 * Nothing else in Postern words a message about a manifest.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.diagnostic;

import org.jspecify.annotations.NullMarked;
