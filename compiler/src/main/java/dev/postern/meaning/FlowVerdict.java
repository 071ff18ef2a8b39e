package dev.postern.meaning;

/** What becomes of a flow. */
public enum FlowVerdict {
  ALLOWED,
  DENIED,
  /** It depends on what the manifests do not say: the addresses behind a DNS name, or who an ingress controller is. */
  UNKNOWN
}
