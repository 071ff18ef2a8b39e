/**
 * Traffic that was seen, as one typed record whatever wrote the log: who called whom, on which port, what became of it, how often and
 * when. {@link dev.postern.traffic.TrafficLog} reads a stream of it in constant memory; a format is one class of
 * {@link dev.postern.traffic.format}.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.traffic;

import org.jspecify.annotations.NullMarked;
