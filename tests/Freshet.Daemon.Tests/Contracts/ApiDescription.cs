using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Freshet.Daemon.Tests.Contracts;

/// <summary>
/// <c>docs/openapi.json</c>, which <see cref="Http.ContractTests"/> keep equal to what the daemon serves, as a judge of answers.
/// </summary>
internal static class ApiDescription
{
    private static readonly Lazy<JsonNode> Document = new(() => JsonNode.Parse(Repository.Read("docs/openapi.json"))!);

    private static readonly Lazy<(Regex Path, JsonNode Operations)[]> Paths = new(() =>
    [
        // Names come before placeholders: /torrents/bulk is not a torrent.
        .. Document.Value["paths"]!.AsObject().OrderBy(path => path.Key.Contains('{', StringComparison.Ordinal))
            .Select(path => (new Regex($"^{Regex.Replace(path.Key, @"\{\w+\}", "[^/]*")}$"), path.Value!)),
    ]);

    private static readonly ConcurrentDictionary<(string Operation, string Code), bool> Seen = new();

    /// <summary>The refusals that are described, but have not happened in this process.</summary>
    public static IEnumerable<(string Operation, string Code)> Unseen =>
        Paths.Value.SelectMany(path => path.Operations.AsObject())
            // What refuses a HEAD says only its status.
            .Where(operation => operation.Key != "head")
            .SelectMany(operation => operation.Value!["responses"]!.AsObject()
                .Where(response => string.CompareOrdinal(response.Key, "400") >= 0)
                .SelectMany(response => ((string)response.Value!["description"]!).Split(", "))
                .Select(code => ((string)operation.Value!["operationId"]!, code)))
            .Where(refusal => !Seen.ContainsKey(refusal));

    /// <summary>Whether a refusal with this code has happened to any operation in this process.</summary>
    public static bool HasSeen(string code) => Seen.Keys.Any(refusal => refusal.Code == code);

    /// <summary>
    /// Returns the first thing that is wrong with an answer; null if nothing is, or if nothing is described at that path.
    /// </summary>
    public static async Task<string?> ObjectionAsync(HttpRequestMessage request, HttpResponseMessage answer)
    {
        if (OperationOf(request) is not { } operation)
            return null;
        string where = $"{request.Method} {request.RequestUri!.AbsolutePath} → {(int)answer.StatusCode}";
        string status = ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
        if (operation["responses"]![status] is not { } response)
            return $"{where} is not described: {await answer.Content.ReadAsStringAsync()}";
        string? media = answer.Content.Headers.ContentType?.MediaType;
        if (response["content"] is not JsonObject content)
            return media is null ? null : $"{where} has a body ({media}), but none is described";

        // The type of a file depends on its name.
        if (content.ContainsKey("application/octet-stream") || request.Method == HttpMethod.Head)
            return null;
        if (media is null || content[media] is not { } body)
            return $"{where} is {media ?? "nothing"}, described is {content.ToJsonString()}";
        bool isPart = request.RequestUri.Query.Contains("fields=", StringComparison.Ordinal);
        if (body["schema"] is not { } schema || (isPart && answer.IsSuccessStatusCode))
            return null;
        await answer.Content.LoadIntoBufferAsync();
        var value = JsonNode.Parse(await answer.Content.ReadAsStringAsync());
        if (answer.StatusCode >= HttpStatusCode.BadRequest
            && !((string)response["description"]!).Split(", ").Contains((string?)value!["code"]))
            return $"{where}: the code {value["code"]} is not among those described: {response["description"]}";
        if (answer.StatusCode >= HttpStatusCode.BadRequest)
            Seen.TryAdd(((string)operation["operationId"]!, (string)value!["code"]!), true);
        return JsonSchema.Objection(value, schema, Document.Value, where);
    }

    /// <summary>Returns the first thing that is wrong with an event; null if nothing is.</summary>
    public static string? ObjectionToEvent(string type, JsonNode data)
    {
        string? name = type switch
        {
            "snapshot" => "SnapshotEvent",
            "change" => "ChangeEvent",
            "log" => "LogItem",
            _ => null,
        };
        return name is null
            ? $"{type} is no event"
            : JsonSchema.Objection(data, Document.Value["components"]!["schemas"]![name]!, Document.Value, type);
    }

    /// <summary>The id of the operation that a request is for; null if none is described there.</summary>
    public static string? OperationIdOf(HttpRequestMessage request) => (string?)OperationOf(request)?["operationId"];

    private static JsonNode? OperationOf(HttpRequestMessage request)
    {
        string path = request.RequestUri!.AbsolutePath;
        string method = request.Method.Method.ToLowerInvariant();
        return Paths.Value.FirstOrDefault(each => each.Path.IsMatch(path)).Operations?[method];
    }
}
