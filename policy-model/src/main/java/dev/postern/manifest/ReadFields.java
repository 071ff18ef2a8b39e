package dev.postern.manifest;

import java.util.Set;

/**
 * The fields whose values reading, judging and linting look at, by name: a list of what is let through, so that a field that nobody thought
 * of is not. Policies are looked at as a whole.
 */
final class ReadFields {

  /** Whose single values are looked at, wherever they stand. */
  private static final Set<String> VALUES = Set.of(
      // Of every object.
      "apiVersion",
      "kind",
      "name",
      "generateName",
      "namespace",
      "uid",
      "controller",
      // Of pods and what makes them.
      "replicas",
      "hostNetwork",
      "nodeName",
      "hostname",
      "subdomain",
      "serviceAccountName",
      "automountServiceAccountToken",
      "restartPolicy",
      "phase",
      "podIP",
      "hostIP",
      "ip",
      "image",
      // Of ports, Services and what stands behind them.
      "port",
      "targetPort",
      "protocol",
      "containerPort",
      "number",
      "type",
      "clusterIP",
      "externalName",
      "externalTrafficPolicy",
      "internalTrafficPolicy",
      "loadBalancerIP",
      "ipFamilies",
      "ipFamilyPolicy",
      "healthCheckNodePort",
      "ipMode",
      "addressType",
      "address",
      "addresses",
      "clusterIPs",
      "externalIPs",
      "loadBalancerSourceRanges",
      "nodePort",
      // Of ways in.
      "host",
      "hostnames",
      "serviceName",
      "servicePort",
      "group",
      // Of networks that are no policies, and of who scrapes what.
      "role",
      "private",
      "any",
      "matchNames");

  /** Below which everything is looked at. */
  private static final Set<String> WHOLE = Set.of(
      "labels", "selector", "podSelector", "namespaceSelector", "matchLabels", "matchExpressions");

  /** The annotations that are looked at. */
  private static final Set<String> ANNOTATIONS =
      Set.of(IgnoreMark.ANNOTATION, ServiceDecoder.SOURCE_RANGES, "prometheus.io/port");

  /** Into which nothing looks: what may be secret and what repeats the object. */
  private static final Set<String> CLOSED = Set.of(
      "data",
      "stringData",
      "binaryData",
      "env",
      "envFrom",
      "args",
      "command",
      "volumes",
      "volumeMounts",
      "managedFields",
      "exec");

  private ReadFields() {}

  /** Whether the value of this field is looked at, if it is a single one or a list of such. */
  static boolean isValue(String field) {
    return VALUES.contains(field);
  }

  static boolean isWhole(String field) {
    return WHOLE.contains(field);
  }

  static boolean isClosed(String field) {
    return CLOSED.contains(field);
  }

  static boolean isAnnotation(String name) {
    return ANNOTATIONS.contains(name);
  }

  /** Whether an object says what may pass, as far as its kind shows. */
  static boolean isPolicy(String kind, String version) {
    String group = version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
    return UnreadDecoder.isOwn(kind) || UnreadKinds.find(group, kind).isPresent();
  }
}
