package dev.postern.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.postern.manifest.FieldShape.ValueType;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointPort;
import io.fabric8.kubernetes.api.model.EndpointSubset;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceSpec;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeSpec;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.ReplicationController;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobSpec;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import io.fabric8.kubernetes.api.model.batch.v1.JobTemplateSpec;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The lists of known fields, written by hand, hold every field of the API's model, with its type. */
class ShapesAgainstFabric8Test {

  /** Fields of API versions that Fabric8's current classes do not have. */
  private static final Map<String, Set<String>> OF_OTHER_VERSIONS = Map.of(
      "ObjectMeta", Set.of("clusterName", "initializers"),
      "NetworkPolicy", Set.of("status"),
      "Endpoints", Set.of("status"),
      "EndpointSlice", Set.of("status"),
      "Endpoint", Set.of("topology"),
      "ServiceSpec", Set.of("ipFamily", "topologyKeys"),
      "IngressSpec", Set.of("backend"),
      "IngressBackend", Set.of("serviceName", "servicePort"));

  /** One shape serves the controllers' specs, with the fields of all of them and of their older versions. */
  private static final Set<String> CONTROLLERS = Set.of(
      "DeploymentSpec",
      "StatefulSetSpec",
      "DaemonSetSpec",
      "ReplicaSetSpec",
      "ReplicationControllerSpec");

  static Stream<Arguments> kinds() {
    return Stream.of(
        Arguments.of(ServiceShapes.NAMESPACE, Namespace.class),
        Arguments.of(ServiceShapes.NODE, Node.class),
        Arguments.of(WorkloadShapes.POD, Pod.class),
        Arguments.of(WorkloadShapes.DEPLOYMENT, Deployment.class),
        Arguments.of(WorkloadShapes.STATEFUL_SET, StatefulSet.class),
        Arguments.of(WorkloadShapes.DAEMON_SET, DaemonSet.class),
        Arguments.of(WorkloadShapes.REPLICA_SET, ReplicaSet.class),
        Arguments.of(WorkloadShapes.REPLICATION_CONTROLLER, ReplicationController.class),
        Arguments.of(WorkloadShapes.JOB, Job.class),
        Arguments.of(WorkloadShapes.CRON_JOB, CronJob.class),
        Arguments.of(ServiceShapes.SERVICE, Service.class),
        Arguments.of(ServiceShapes.ENDPOINTS, Endpoints.class),
        Arguments.of(ServiceShapes.ENDPOINT_SLICE, EndpointSlice.class),
        Arguments.of(EntranceShapes.INGRESS, Ingress.class),
        Arguments.of(PolicyShapes.NETWORK_POLICY, NetworkPolicy.class));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyFieldOfTheModelIsKnownWithItsType(FieldShape shape, Class<?> model) {
    compare(shape, model);
  }

  private static void compare(FieldShape shape, Class<?> model) {
    Map<String, Type> fields = fields(model);
    assertThat(shape.fields().keySet()).as(shape.name()).containsAll(fields.keySet());
    for (Map.Entry<String, FieldShape.Field> field : shape.fields().entrySet()) {
      Type type = fields.get(field.getKey());
      if (type == null) {
        assertThat(CONTROLLERS.contains(shape.name())
                || OF_OTHER_VERSIONS.getOrDefault(shape.name(), Set.of()).contains(field.getKey()))
            .as(shape.name() + "." + field.getKey() + " is a field of no model")
            .isTrue();
      } else {
        compareType(shape.name() + "." + field.getKey(), field.getValue(), type);
      }
    }
  }

  private static void compareType(String name, FieldShape.Field field, Type type) {
    if (field.type() == ValueType.OBJECT) {
      compare(field.shape().orElseThrow(), (Class<?>) type);
    } else if (field.type() == ValueType.OBJECT_LIST) {
      compare(field.shape().orElseThrow(), (Class<?>)
          ((ParameterizedType) type).getActualTypeArguments()[0]);
    } else if (field.type() != ValueType.ANY) {
      assertThat(typeOf(type)).as(name).isEqualTo(field.type());
    }
  }

  private static ValueType typeOf(Type type) {
    return switch (type.getTypeName()) {
      case "java.lang.String" -> ValueType.STRING;
      case "java.lang.Boolean" -> ValueType.BOOLEAN;
      case "java.lang.Integer", "java.lang.Long" -> ValueType.INTEGER;
      case "java.util.List<java.lang.String>" -> ValueType.STRING_LIST;
      case "java.util.Map<java.lang.String, java.lang.String>" -> ValueType.STRING_MAP;
      default -> type == IntOrString.class ? ValueType.INTEGER_OR_STRING : ValueType.ANY;
    };
  }

  private static Map<String, Type> fields(Class<?> model) {
    Map<String, Type> fields = new LinkedHashMap<>();
    for (Field field : model.getDeclaredFields()) {
      JsonProperty property = field.getAnnotation(JsonProperty.class);
      if (property != null) {
        fields.put(property.value(), field.getGenericType());
      }
    }
    assertThat(fields).as(model.getName()).isNotEmpty();
    return fields;
  }

  @Test
  void theComparisonGoesAllTheWayDown() {
    List<Class<?>> deepest = Arrays.asList(
        ObjectMeta.class,
        OwnerReference.class,
        LabelSelector.class,
        LabelSelectorRequirement.class,
        PodTemplateSpec.class,
        PodSpec.class,
        Container.class,
        ContainerPort.class,
        JobSpec.class,
        JobTemplateSpec.class,
        CronJobSpec.class,
        ServiceSpec.class,
        ServicePort.class,
        EndpointSubset.class,
        EndpointAddress.class,
        EndpointPort.class,
        ObjectReference.class,
        Endpoint.class,
        NodeSpec.class,
        NamespaceSpec.class);
    Set<String> names = new java.util.HashSet<>();
    kinds().forEach(kind -> collect((FieldShape) kind.get()[0], names));
    assertThat(names).containsAll(deepest.stream().map(Class::getSimpleName).toList());
  }

  private static void collect(FieldShape shape, Set<String> names) {
    names.add(shape.name());
    shape
        .fields()
        .values()
        .forEach(field -> field.shape().ifPresent(inner -> collect(inner, names)));
  }
}
