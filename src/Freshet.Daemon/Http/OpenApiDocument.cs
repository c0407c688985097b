using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Freshet.Api;

namespace Freshet.Daemon.Http;

/// <summary>
/// The OpenAPI 3.1 description, generated from the operations that are served and the types that are sent, so that none can be forgotten.
/// </summary>
internal static class OpenApiDocument
{
    public static JsonObject Of(IEnumerable<Operation> operations, string version)
    {
        Dictionary<string, JsonNode> schemas = new(StringComparer.Ordinal);
        JsonObject paths = [];
        foreach (IGrouping<string, Operation> path in operations.GroupBy(operation => operation.Path))
        {
            JsonObject item = [];
            foreach (Operation operation in path)
                item[operation.Method.ToLowerInvariant()] = Describe(operation, schemas);
            paths[path.Key] = item;
        }

        _ = Refer(JsonContext.Default.Problem, schemas);
        _ = Refer(JsonContext.Default.SnapshotEvent, schemas);
        _ = Refer(JsonContext.Default.LogItem, schemas);
        ChangeSchema.AddTo(schemas);
        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "Freshet",
                ["version"] = version,
                ["description"] = "The API of the Freshet daemon. Sizes are bytes, rates bytes per second, durations seconds.",
            },
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = new JsonObject(schemas.OrderBy(schema => schema.Key, StringComparer.Ordinal)
                    .Select(schema => KeyValuePair.Create(schema.Key, (JsonNode?)schema.Value))),
                ["securitySchemes"] = new JsonObject
                {
                    ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
                    ["cookie"] = new JsonObject
                    {
                        ["type"] = "apiKey",
                        ["in"] = "cookie",
                        ["name"] = Security.Doors.UsualCookieName,
                        ["description"] = "The number is the port in the URL that is called. Without one, the name is \"freshet\".",
                    },
                    ["ticket"] = new JsonObject
                    {
                        ["type"] = "apiKey",
                        ["in"] = "query",
                        ["name"] = "ticket",
                        ["description"] = "For the content of one file, from makeTicket.",
                    },
                },
            },
        };
    }

    private static JsonObject Describe(Operation operation, Dictionary<string, JsonNode> schemas)
    {
        JsonObject described = new()
        {
            ["operationId"] = operation.Id,
            ["summary"] = operation.Summary,
            ["parameters"] = Parameters(operation),
        };
        if (operation.Request is { } request)
        {
            JsonObject content = new() { ["application/json"] = Body(request, schemas) };
            if (operation.RequestMedia is { } media)
                content[media] = new JsonObject();
            described["requestBody"] = new JsonObject { ["required"] = true, ["content"] = content };
        }

        described["responses"] = Responses(operation, schemas);
        described["security"] = new JsonArray(
            [.. WaysOf(operation).Select(way => (JsonNode)new JsonObject { [way] = new JsonArray() })]);
        return described;
    }

    private static string[] WaysOf(Operation operation) =>
        operation.IsOpen ? [] : operation.TakesTicket ? ["token", "cookie", "ticket"] : ["token", "cookie"];

    private static JsonArray Parameters(Operation operation)
    {
        JsonArray parameters = [];
        foreach (Match match in Regex.Matches(operation.Path, @"\{(\w+)\}"))
        {
            bool isIndex = match.Groups[1].Value == "index";
            JsonObject schema = new() { ["type"] = isIndex ? "integer" : "string" };
            if (isIndex)
                schema["minimum"] = 0;
            parameters.Add((JsonNode)new JsonObject
            {
                ["name"] = match.Groups[1].Value,
                ["in"] = "path",
                ["required"] = true,
                ["schema"] = schema,
            });
        }

        foreach (RequestParameter parameter in operation.Query)
            parameters.Add((JsonNode)Describe(parameter, "query"));
        foreach (RequestParameter parameter in operation.Headers)
            parameters.Add((JsonNode)Describe(parameter, "header"));
        return parameters;
    }

    private static JsonObject Describe(RequestParameter parameter, string place)
    {
        JsonObject schema = new() { ["type"] = parameter.Type };
        if (parameter.IsList)
            schema = new JsonObject { ["type"] = "array", ["items"] = schema };
        parameter.Limits?.AddTo(schema);
        return new JsonObject
        {
            ["name"] = parameter.Name,
            ["in"] = place,
            ["description"] = parameter.Meaning,
            ["schema"] = schema,
        };
    }

    private static JsonObject Responses(Operation operation, Dictionary<string, JsonNode> schemas)
    {
        JsonObject success = new() { ["description"] = "Success." };
        if (operation.Response is { } response)
            success["content"] = new JsonObject { ["application/json"] = Body(response, schemas) };
        else if (operation.ResponseMedia is { } media)
            success["content"] = new JsonObject { [media] = Media(operation) };
        JsonObject responses = new() { [Text(operation.Status)] = success };
        if (operation.MayGoOn)
        {
            JsonObject accepted = (JsonObject)success.DeepClone();
            accepted["description"] = "It takes long, and goes on.";
            responses["202"] = accepted;
        }

        if (operation.HasRanges)
            responses["206"] = success.DeepClone();
        foreach (IGrouping<int, string> error in
            AllErrors(operation).GroupBy(error => error.Status, error => error.Code).OrderBy(error => error.Key))
        {
            JsonObject content = new() { ["application/problem+json"] = Body(JsonContext.Default.Problem, schemas) };
            if (operation.RefusalMedia is { } refusal)
                content[refusal] = new JsonObject();
            responses[Text(error.Key)] = new JsonObject
            {
                ["description"] = string.Join(", ", error.Distinct()),
                ["content"] = content,
            };
        }

        return responses;
    }

    // OpenAPI 3.1 has no words for what is in a stream of events.
    private static JsonObject Media(Operation operation)
    {
        JsonObject events = [];
        foreach ((string name, string schema) in operation.Events)
            events[name] = new JsonObject { ["$ref"] = "#/components/schemas/" + schema };
        return events.Count == 0 ? [] : new JsonObject { ["x-events"] = events };
    }

    private static IEnumerable<(int Status, string Code)> AllErrors(Operation operation)
    {
        yield return (400, "invalid-value");
        if (operation.Request is not null)
        {
            yield return (400, "invalid-json");
            yield return (400, "invalid-request");
            yield return (413, "too-large");
            yield return (415, "unsupported-media-type");
        }

        if (!operation.IsOpen)
        {
            yield return (401, "not-authenticated");
            yield return (429, "too-many-attempts");
        }

        if (!operation.IsStream)
            yield return (429, "too-many-requests");
        if (operation.Method != "GET" && !operation.IsOpen)
            yield return (500, "storage");
        yield return (503, "stopping");
        yield return (403, "foreign-origin");
        yield return (421, "wrong-host");
        foreach ((int Status, string Code) error in operation.Errors)
            yield return error;
    }

    private static JsonObject Body(JsonTypeInfo type, Dictionary<string, JsonNode> schemas)
    {
        JsonObject body = new() { ["schema"] = new JsonObject { ["$ref"] = Refer(type, schemas) } };
        if (Examples.Of(type.Type) is { } example)
            body["example"] = example;
        return body;
    }

    private static string Refer(JsonTypeInfo type, Dictionary<string, JsonNode> schemas)
    {
        if (!schemas.ContainsKey(type.Type.Name))
        {
            JsonSchemaExporterOptions options = new()
            {
                TreatNullObliviousAsNonNullable = true,
                TransformSchemaNode = (context, node) => ByName(context, node, schemas),
            };
            JsonNode schema = type.GetJsonSchemaAsNode(options);
            SchemaLimits.AddTo(type.Type.Name, schema);
            schemas[type.Type.Name] = schema;
        }

        return "#/components/schemas/" + type.Type.Name;
    }

    // Nested records and enumerations are described once, under their own names.
    private static JsonNode ByName(JsonSchemaExporterContext context, JsonNode node, Dictionary<string, JsonNode> schemas)
    {
        Type type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        bool isNamed = type.IsEnum || context.TypeInfo.Kind == JsonTypeInfoKind.Object;
        if (!isNamed || context.Path.Length == 0)
            return node;
        JsonTypeInfo named = type == context.TypeInfo.Type
            ? context.TypeInfo
            : JsonContext.Default.GetTypeInfo(type) ?? throw new InvalidOperationException($"{type} has no metadata.");
        JsonObject reference = new() { ["$ref"] = Refer(named, schemas) };
        bool isNullable = type != context.TypeInfo.Type || context.PropertyInfo is { IsGetNullable: true };
        return isNullable && !IsElement(context)
            ? new JsonObject { ["anyOf"] = new JsonArray(reference, new JsonObject { ["type"] = "null" }) }
            : reference;
    }

    // For a list: that the list may be null says nothing about its elements.
    private static bool IsElement(JsonSchemaExporterContext context) => context.Path[^1] is "items" or "additionalProperties";

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);
}
