using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Freshet.Daemon.Tests.Contracts;

namespace Freshet.Daemon.Tests.Http;

/// <summary>The description of the API, compared with what is served and with docs/api.md.</summary>
public class ContractTests
{
    [Fact]
    public async Task Every_answer_matches_the_description()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SampleTorrent sample = new();
        sample.WriteTo(daemon.Data);
        string hash = await daemon.AddAsync(sample, """, "labels": ["x"]""");
        using HttpResponseMessage creation = await daemon.SendAsync(HttpMethod.Post, "/api/v1/creations", """{"path": "sample"}""");
        Assert.Equal("/api/v1/creations/1", creation.Headers.Location?.ToString());
        JsonNode description = await daemon.GetAsync("/openapi.json");
        Assert.Equal("3.1.1", (string?)description["openapi"]);
        int checkedAnswers = 0;
        foreach ((string path, JsonNode? item) in description["paths"]!.AsObject())
        {
            if (item!["get"]?["responses"]!["200"]?["content"]?["application/json"]?["schema"]?["$ref"] is not { } reference)
                continue;
            JsonNode body = await daemon.GetAsync(path
                .Replace("{hash}", hash, StringComparison.Ordinal).Replace("{id}", "1", StringComparison.Ordinal));
            string name = ((string)reference!).Split('/')[^1];
            Assert.Null(JsonSchema.Objection(body, description["components"]!["schemas"]![name]!, description, path));
            checkedAnswers++;
        }

        Assert.True(checkedAnswers >= 13, $"only {checkedAnswers}");
    }

    [Fact]
    public async Task Every_example_matches_its_schema()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        JsonNode description = await daemon.GetAsync("/openapi.json");
        int examples = 0;
        foreach ((string path, JsonNode? item) in description["paths"]!.AsObject())
        {
            foreach ((string method, JsonNode? operation) in item!.AsObject())
            {
                IEnumerable<JsonNode?> bodies = operation!["responses"]!.AsObject().Select(response => response.Value!["content"])
                    .Append(operation["requestBody"]?["content"]);
                foreach (JsonNode? body in bodies.Select(content => content?["application/json"]))
                {
                    if (body?["example"] is not { } example)
                        continue;
                    Assert.Null(JsonSchema.Objection(example, body["schema"]!, description, $"{method} {path}"));
                    examples++;
                }
            }
        }

        Assert.True(examples >= 16, $"only {examples}");
    }

    [Fact]
    public async Task Torrents_can_be_sorted_by_every_member_that_is_a_number_text_or_time()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        JsonNode schemas = (await daemon.GetAsync("/openapi.json"))["components"]!["schemas"]!;
        int sorted = 0;
        foreach ((string member, JsonNode? declared) in schemas["TorrentItem"]!["properties"]!.AsObject())
        {
            JsonNode schema = declared!["anyOf"]?[0] ?? declared;
            if ((string?)schema["$ref"] is { } reference)
                schema = schemas[reference.Split('/')[^1]]!;
            string type = schema["type"]?.ToJsonString() ?? "";
            if (schema["enum"] is null && !Regex.IsMatch(type, "string|number|integer"))
                continue;
            await daemon.GetAsync($"/api/v1/torrents?sort=-{member}");
            sorted++;
        }

        Assert.True(sorted >= 31, $"only {sorted}");
    }

    [Fact]
    public async Task Every_operation_is_documented_and_everything_documented_is_served()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        JsonNode description = await daemon.GetAsync("/openapi.json");
        string docs = Repository.Read("docs/api.md");
        string[] served = [.. description["paths"]!.AsObject().Select(path => path.Key)];
        string[] documented = [.. Regex.Matches(docs, @"`(?:GET|POST|PATCH|DELETE)(?:`?, `?HEAD)? (/[^\s`?]*)")
            .Select(match => match.Groups[1].Value)
            .Concat(Regex.Matches(docs, @", `(/\w+)`").Select(match => "/api/v1/torrents/{hash}" + match.Groups[1].Value))
            .Where(path => path != "/")
            .Distinct()];
        Assert.Empty(documented.Except(served));
        Assert.Empty(served.Except(documented));
    }

    [Fact]
    public async Task The_page_is_built_from_the_description_that_is_served()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        JsonNode description = await daemon.GetAsync("/openapi.json");
        description["info"]!["version"] = "1";
        string served = description.ToJsonString(new JsonSerializerOptions
        {
            WriteIndented = true,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        }) + "\n";
        string path = Path.Combine(Repository.Root, "docs", "openapi.json");
        if (Environment.GetEnvironmentVariable("UPDATE_OPENAPI") == "1")
            File.WriteAllText(path, served);
        Assert.Equal(File.ReadAllText(path), served);
    }
}
