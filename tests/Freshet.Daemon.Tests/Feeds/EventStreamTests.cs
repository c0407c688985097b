using System.Net;
using System.Text.Json.Nodes;

namespace Freshet.Daemon.Tests.Feeds;

public class EventStreamTests
{
    [Fact]
    public async Task A_client_gets_all_torrents_and_then_only_changes()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string first = await daemon.AddAsync(new SampleTorrent("a", seed: 1));
        using EventReader events = await EventReader.OpenAsync(daemon);
        (string type, JsonNode snapshot) = await events.NextAsync();
        Assert.Equal("snapshot", type);
        Assert.True((bool?)snapshot["reset"]);
        Assert.True((bool?)snapshot["complete"]);
        Assert.Equal(first, (string?)snapshot["torrents"]!.AsArray().Single()!["hash"]);
        Assert.Equal(1, (int?)snapshot["session"]!["torrents"]);

        string second = await daemon.AddAsync(new SampleTorrent("b", seed: 2));
        JsonNode added = await events.NextAsync((_, data) => data["added"] is not null);
        Assert.Equal(second, (string?)added["added"]!.AsArray().Single()!["hash"]);

        using HttpResponseMessage changed = await daemon.SendAsync(HttpMethod.Patch, $"/api/v1/torrents/{first}", """{"labels": ["x"]}""");
        JsonNode change = await events.NextAsync((_, data) => data["changed"] is not null);
        JsonObject only = change["changed"]!.AsArray().Single()!.AsObject();
        Assert.Equal(["hash", "labels"], only.Select(member => member.Key));
        Assert.Equal(first, (string?)only["hash"]);

        using HttpResponseMessage removed = await daemon.SendAsync(HttpMethod.Delete, $"/api/v1/torrents/{first}");
        JsonNode removal = await events.NextAsync((_, data) => data["removed"] is not null);
        Assert.Equal(first, (string?)removal["removed"]!.AsArray().Single());
    }

    [Fact]
    public async Task A_client_that_comes_back_gets_what_it_missed_and_no_snapshot()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string? lastId;
        using (EventReader events = await EventReader.OpenAsync(daemon))
        {
            await events.NextAsync((type, _) => type == "snapshot");
            lastId = events.LastId;
        }

        string hash = await daemon.AddAsync(new SampleTorrent());
        using EventReader again = await EventReader.OpenAsync(daemon, lastId);
        JsonNode added = await again.NextAsync((type, data) =>
        {
            Assert.NotEqual("snapshot", type);
            return data["added"] is not null;
        });
        Assert.Equal(hash, (string?)added["added"]!.AsArray().Single()!["hash"]);
    }

    [Theory]
    [InlineData("00000000-5")]
    [InlineData("nonsense")]
    public async Task A_client_whose_position_is_not_known_gets_a_snapshot(string lastId)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        using EventReader events = await EventReader.OpenAsync(daemon, lastId);
        (string type, _) = await events.NextAsync();
        Assert.Equal("snapshot", type);
    }

    [Fact]
    public async Task Log_entries_are_sent_as_events_too()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        using EventReader events = await EventReader.OpenAsync(daemon);
        string hash = await daemon.AddAsync(new SampleTorrent());
        JsonNode entry = await events.NextAsync((type, data) => type == "log" && (string?)data["event"] == "torrent-added");
        Assert.Equal(hash, (string?)entry["hash"]);
    }

    [Fact]
    public async Task The_number_of_clients_is_bounded_and_one_that_leaves_makes_room()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        List<EventReader> readers = [];
        for (int i = 0; i < Bounds.MaxEventClients; i++)
            readers.Add(await EventReader.OpenAsync(daemon));
        await daemon.RefusedAsync(HttpMethod.Get, "/api/v1/events", null, HttpStatusCode.ServiceUnavailable, "too-many-streams");
        readers.ForEach(reader => reader.Dispose());
        await Patience.Until(() =>
        {
            using HttpResponseMessage answer = daemon.SendAsync(HttpMethod.Get, "/api/v1/events").GetAwaiter().GetResult();
            return answer.StatusCode == HttpStatusCode.OK;
        });
    }
}
