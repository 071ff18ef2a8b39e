/**
 * Defines the meaning of a cluster's policies, one flow at a time: {@link dev.postern.meaning.Reference} is the definition against which all
 * faster code is tested. It trusts only the given cluster and the choices in {@link dev.postern.meaning.Options}.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.meaning;

import org.jspecify.annotations.NullMarked;
