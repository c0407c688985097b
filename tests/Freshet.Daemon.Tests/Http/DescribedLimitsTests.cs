using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Freshet.Api;

namespace Freshet.Daemon.Tests.Http;

/// <summary>
/// The limits in the description are those that the daemon keeps to: what is just within is taken, what is just beyond is not.
/// </summary>
public class DescribedLimitsTests
{
    private static readonly string[] Records =
    [
        nameof(AddPeers), nameof(AddTorrent), nameof(BulkRequest), nameof(CreateTorrent), nameof(FileChange), nameof(ScheduledLimit),
        nameof(SessionChange), nameof(TorrentChange),
    ];

    // What only the length of the body bounds.
    private static readonly string[] Unlimited =
        ["AddTorrent.priorities", "CreateTorrent.trackers", "CreateTorrent.webSeeds", "TorrentChange.removeLabels"];

    [Fact]
    public async Task Every_described_limit_of_a_member_is_kept_to()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SampleTorrent sample = new();
        sample.WriteTo(daemon.Data);
        string hash = await daemon.AddAsync(sample);
        JsonNode schemas = (await daemon.GetAsync("/openapi.json"))["components"]!["schemas"]!;
        HashSet<string> limited = [];
        foreach (string record in Records)
        {
            foreach ((string member, JsonNode? schema) in schemas[record]!["properties"]!.AsObject())
            {
                foreach ((JsonNode value, bool isAllowed) in SidesOf(member, schema!))
                {
                    limited.Add($"{record}.{member}");
                    (HttpMethod method, string path, JsonObject body) = RequestOf(record, member, value, hash, sample);
                    using HttpResponseMessage answer = await daemon.SendAsync(method, path, body.ToJsonString());
                    string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                    string what = $"{record}.{member} = {Start(value.ToJsonString())}: {(int)answer.StatusCode} {Start(text)}";
                    string? code = answer.IsSuccessStatusCode ? null : (string?)JsonNode.Parse(text)!["code"];
                    Assert.True(isAllowed ? code is null or "torrent-exists" : code is "invalid-value" or "no-such-file", what);
                }
            }
        }

        Assert.Equal(47, limited.Count);
    }

    [Fact]
    public async Task Every_number_and_list_in_a_request_has_its_limits_described()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        JsonNode description = await daemon.GetAsync("/openapi.json");
        JsonNode schemas = description["components"]!["schemas"]!;
        string[] requests =
        [
            .. description["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject())
                .Select(operation => (string?)operation.Value!["requestBody"]?["content"]?["application/json"]?["schema"]?["$ref"])
                .OfType<string>().Select(reference => reference.Split('/')[^1]),
        ];
        Assert.Empty(Records.Except(requests).Except([nameof(ScheduledLimit)]));
        string[] bare =
        [
            .. from record in requests.Append(nameof(ScheduledLimit)).Distinct()
               from member in schemas[record]!["properties"]!.AsObject()
               let types = member.Value!["type"]?.ToJsonString() ?? ""
               where Regex.IsMatch(types, "integer|number|array") && !SidesOf(member.Key, member.Value).Any()
               select $"{record}.{member.Key}",
        ];
        Assert.Equal(Unlimited, bare.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_described_limit_of_a_parameter_is_kept_to()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string hash = await daemon.AddAsync(new SampleTorrent());
        int limited = 0;
        foreach ((string path, JsonNode? item) in (await daemon.GetAsync("/openapi.json"))["paths"]!.AsObject())
        {
            foreach (JsonNode? parameter in item!["get"]?["parameters"]?.AsArray() ?? [])
            {
                if ((string)parameter!["in"]! != "query")
                    continue;
                string name = (string)parameter["name"]!;
                string at = path.Replace("{hash}", hash, StringComparison.Ordinal) + $"?{name}=";
                foreach ((JsonNode value, bool isAllowed) in SidesOf(name, parameter["schema"]!))
                {
                    if (isAllowed)
                        await daemon.GetAsync(at + value);
                    else
                        await daemon.RefusedAsync(HttpMethod.Get, at + value, null, HttpStatusCode.BadRequest, "invalid-value");
                    limited++;
                }
            }
        }

        // Two of the list, four of each of the two logs, and the span of the history.
        Assert.Equal((2 * 4) + (2 * (2 + 2 + 4 + 5)) + 3, limited);
    }

    [Fact]
    public async Task No_list_of_a_request_may_have_null_among_its_elements()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SampleTorrent sample = new();
        sample.WriteTo(daemon.Data);
        string hash = await daemon.AddAsync(sample);
        JsonNode schemas = (await daemon.GetAsync("/openapi.json"))["components"]!["schemas"]!;
        int refused = 0;
        foreach (string record in Records)
        {
            foreach ((string member, JsonNode? schema) in schemas[record]!["properties"]!.AsObject())
            {
                if (schema!["type"]?.ToJsonString().Contains("array", StringComparison.Ordinal) != true)
                    continue;
                JsonArray[] nulls = schema["items"]!["items"] is null
                    ? [new(null, null)] : [new(null, null), new(new JsonArray((JsonNode?)null))];
                foreach (JsonArray list in nulls)
                {
                    (HttpMethod method, string path, JsonObject body) = RequestOf(record, member, list, hash, sample);
                    using HttpResponseMessage answer = await daemon.SendAsync(method, path, body.ToJsonString());
                    string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                    Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{record}.{member}: {(int)answer.StatusCode} {text}");
                    Assert.True((string?)JsonNode.Parse(text)!["code"] is "invalid-json" or "invalid-value", text);
                    refused++;
                }
            }
        }

        // The lists of trackers of two records have lists in them.
        Assert.Equal(15 + 2, refused);
    }

    [Fact]
    public async Task Everything_that_is_referred_to_is_described_and_everything_described_is_referred_to()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        JsonNode description = await daemon.GetAsync("/openapi.json");
        const string Components = "#/components/schemas/";
        HashSet<string> referred = [.. Nodes(description).OfType<JsonObject>()
            .Select(node => node["$ref"] is JsonValue reference ? (string?)reference : null)
            .OfType<string>().Select(reference => reference[Components.Length..])];
        Assert.Equal(
            description["components"]!["schemas"]!.AsObject().Select(schema => schema.Key).Order(StringComparer.Ordinal),
            referred.Order(StringComparer.Ordinal));
        JsonNode listen = description["paths"]!["/api/v1/events"]!["get"]!;
        Assert.Equal("snapshot change log", string.Join(' ', listen["responses"]!["200"]!["content"]!["text/event-stream"]!["x-events"]!
            .AsObject().Select(each => each.Key)));
        Assert.Contains(
            listen["parameters"]!.AsArray(), each => (string?)each!["in"] == "header" && (string?)each["name"] == "Last-Event-ID");
    }

    private static IEnumerable<JsonNode?> Nodes(JsonNode? node) => (node switch
    {
        JsonObject members => members.Select(member => member.Value),
        JsonArray items => items,
        _ => [],
    }).SelectMany(Nodes).Prepend(node);

    // Values at each limit of a schema, and just beyond it.
    private static IEnumerable<(JsonNode Value, bool IsAllowed)> SidesOf(string member, JsonNode schema)
    {
        if ((long?)schema["minimum"] is { } least)
        {
            yield return (least, true);
            yield return (least - 1, false);
        }

        if ((long?)schema["maximum"] is { } most)
        {
            yield return (most, true);
            yield return (most + 1, false);
        }

        if ((long?)schema["not"]?["exclusiveMaximum"] is { } leastButZero)
        {
            yield return (leastButZero, true);
            yield return (leastButZero - 1, false);
            yield return (1, false);
        }

        if ((int?)schema["maxLength"] is { } length)
        {
            yield return (new string('x', length), true);
            yield return (new string('x', length + 1), false);
        }

        if ((int?)schema["minItems"] is { } fewest)
        {
            yield return (ListOf(member, fewest), true);
            yield return (ListOf(member, fewest - 1), false);
        }

        if ((int?)schema["maxItems"] is { } items)
        {
            yield return (ListOf(member, items), true);
            yield return (ListOf(member, items + 1), false);
        }

        if (schema["enum"] is JsonArray words)
        {
            foreach (JsonNode? word in words)
                yield return (word!.DeepClone(), true);
            yield return ("nothing", false);
        }

        if (schema["items"] is not JsonObject each || schema["enum"] is not null)
            yield break;
        foreach ((JsonNode value, bool isAllowed) in SidesOf(member, each))
            yield return (new JsonArray(value), isAllowed);
    }

    // In trackers, this is also what a tier is: a list of one tier has its elements in itself.
    private static JsonArray ListOf(string member, int count) => [.. Enumerable.Range(0, count).Select(i => ElementOf(member, i))];

    private static JsonNode ElementOf(string member, int i) => member switch
    {
        "peers" => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{i + 1}"),
        "hashes" => i.ToString("x40", CultureInfo.InvariantCulture),
        "schedule" => ScheduleOf(new JsonObject()),
        "proxyFor" => "peers",
        "days" => "mon",
        "trackers" => new JsonArray($"http://127.0.0.1:{i + 1}/announce"),
        _ => string.Create(CultureInfo.InvariantCulture, $"x{i}"),
    };

    private static JsonObject ScheduleOf(JsonObject more)
    {
        JsonObject entry = new() { ["days"] = new JsonArray("mon"), ["from"] = "08:00", ["to"] = "09:00" };
        foreach ((string name, JsonNode? value) in more)
            entry[name] = value?.DeepClone();
        return entry;
    }

    private static (HttpMethod Method, string Path, JsonObject Body) RequestOf(
        string record, string member, JsonNode value, string hash, SampleTorrent sample)
    {
        // A tier of trackers is a list of texts, not of lists.
        if (member == "trackers" && value is JsonArray { Count: 1 } tiers && tiers[0] is JsonArray tier
            && tier.All(url => url is JsonArray))
        {
            value = new JsonArray(new JsonArray([.. tier.Select(url => url![0]!.DeepClone())]));
        }

        JsonObject body = new() { [member] = value };
        if (member == "addLabels")
            body["labels"] = new JsonArray();
        switch (record)
        {
            case nameof(AddPeers):
                return (HttpMethod.Post, $"/api/v1/torrents/{hash}/peers", body);
            case nameof(AddTorrent):
                body["metainfo"] = Convert.ToBase64String(sample.Bytes);
                return (HttpMethod.Post, "/api/v1/torrents", body);
            case nameof(BulkRequest):
                body["action"] = "reannounce";
                return (HttpMethod.Post, "/api/v1/torrents/bulk", body);
            case nameof(CreateTorrent):
                body["path"] = "sample";
                return (HttpMethod.Post, "/api/v1/creations", body);
            case nameof(FileChange):
                body["priority"] = "high";
                return (HttpMethod.Patch, $"/api/v1/torrents/{hash}/files", body);
            case nameof(ScheduledLimit):
                return (HttpMethod.Patch, "/api/v1/session/settings", new JsonObject { ["schedule"] = new JsonArray(ScheduleOf(body)) });
            case nameof(SessionChange):
                return (HttpMethod.Patch, "/api/v1/session/settings", body);
            default:
                return (HttpMethod.Patch, $"/api/v1/torrents/{hash}", body);
        }
    }

    private static string Start(string text) => text.Length <= 200 ? text : text[..200] + "…";
}
