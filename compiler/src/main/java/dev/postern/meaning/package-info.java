/**
 * Says what a cluster's policies mean, one flow at a time: {@link dev.postern.meaning.Reference} is the definition that everything
 * faster is tested against. It trusts the cluster it is given and the choices in {@link dev.postern.meaning.Options}, nothing else.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.meaning;

import org.jspecify.annotations.NullMarked;
