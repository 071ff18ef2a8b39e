/**
 * The formats of traffic logs, with one class for each, listed in {@link dev.postern.traffic.format.FlowFormats}. Each follows its public
 * description, which its Javadoc names, and ignores fields that it does not know.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.traffic.format;

import org.jspecify.annotations.NullMarked;
