/**
 * Recorded traffic as one typed record for all logs: source, destination, port, result, count and times.
 * {@link dev.postern.traffic.TrafficLog} reads a stream of it in constant memory; a format is one class of
 * {@link dev.postern.traffic.format}.
 *
 * <p>Types are safe for use by several threads unless they say otherwise.
 */
@NullMarked
package dev.postern.traffic;

import org.jspecify.annotations.NullMarked;
