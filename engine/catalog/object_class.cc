// The list of queries, and which of them a server gets.
#include "engine/catalog/object_class.h"

#include "engine/catalog/version_filter.h"
#include "schema/schema.h"

namespace pgpm::catalog {

namespace {

const ObjectClass classes[] = {
    {"access_method", schema::catalog_access_method},
    {"aggregate", schema::catalog_aggregate},
    {"base_type", schema::catalog_base_type},
    {"cast", schema::catalog_cast},
    {"cluster_membership", schema::catalog_cluster_membership, Reach::cluster},
    {"cluster_parameter", schema::catalog_cluster_parameter, Reach::cluster, Readers::everybody,
     15},
    {"cluster_role", schema::catalog_cluster_role, Reach::cluster},
    {"cluster_tablespace", schema::catalog_cluster_tablespace, Reach::cluster},
    {"collation", schema::catalog_collation},
    {"column", schema::catalog_column},
    {"composite_type", schema::catalog_composite_type},
    {"constraint", schema::catalog_constraint},
    {"conversion", schema::catalog_conversion},
    {"database", schema::catalog_database},
    {"default_privilege", schema::catalog_default_privilege},
    {"domain", schema::catalog_domain},
    {"enum", schema::catalog_enum},
    {"event_trigger", schema::catalog_event_trigger},
    {"extension", schema::catalog_extension},
    {"foreign_data_wrapper", schema::catalog_foreign_data_wrapper},
    {"foreign_server", schema::catalog_foreign_server},
    {"function", schema::catalog_function},
    {"index", schema::catalog_index},
    {"language", schema::catalog_language},
    {"large_object", schema::catalog_large_object},
    {"member_grant", schema::catalog_member_grant},
    {"operator", schema::catalog_operator},
    {"operator_class", schema::catalog_operator_class},
    {"operator_family", schema::catalog_operator_family},
    {"policy", schema::catalog_policy},
    {"publication", schema::catalog_publication},
    {"range", schema::catalog_range},
    {"role_setting", schema::catalog_role_setting},
    {"rule", schema::catalog_rule},
    {"schema", schema::catalog_schema},
    {"security_label", schema::catalog_security_label},
    {"sequence", schema::catalog_sequence},
    {"statistics", schema::catalog_statistics},
    {"subscription", schema::catalog_subscription, Reach::database, Readers::superusers},
    {"table", schema::catalog_table},
    {"text_search_configuration", schema::catalog_text_search_configuration},
    {"text_search_dictionary", schema::catalog_text_search_dictionary},
    {"text_search_parser", schema::catalog_text_search_parser},
    {"text_search_template", schema::catalog_text_search_template},
    {"transform", schema::catalog_transform},
    {"trigger", schema::catalog_trigger},
    {"user_mapping", schema::catalog_user_mapping},
    {"view", schema::catalog_view},
};

bool is_asked(const ObjectClass& each, int major, Readers user, ClusterObjects cluster) {
  if (each.reach == Reach::cluster && cluster == ClusterObjects::leave_out) return false;
  if (each.readers == Readers::superusers && user != Readers::superusers) return false;
  return major >= each.since;
}

}  // namespace

std::span<const ObjectClass> object_classes() {
  return classes;
}

std::vector<const ObjectClass*> asked_classes(int major, Readers user, ClusterObjects cluster) {
  std::vector<const ObjectClass*> asked;
  for (const ObjectClass& each : classes)
    if (is_asked(each, major, user, cluster)) asked.push_back(&each);
  return asked;
}

std::vector<std::string> class_queries(int major, Readers user, ClusterObjects cluster) {
  std::vector<std::string> queries;
  for (const ObjectClass* each : asked_classes(major, user, cluster))
    queries.push_back(for_version(each->sql, major));
  return queries;
}

}  // namespace pgpm::catalog
