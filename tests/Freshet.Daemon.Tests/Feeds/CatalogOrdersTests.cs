using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Freshet.Daemon.Feeds;

namespace Freshet.Daemon.Tests.Feeds;

public class CatalogOrdersTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(500)]
    public void An_almost_sorted_list_is_sorted(int wrong)
    {
        Random random = new(wrong);
        for (int round = 0; round < 50; round++)
        {
            (int Key, int Place)[] items = [.. Enumerable.Range(0, 500).Select(i => (i / 3, i))];
            for (int i = 0; i < wrong; i++)
            {
                int place = random.Next(items.Length);
                items[place] = (random.Next(200), items[place].Place);
            }

            (int, int)[] expected = [.. items.Order()];
            CatalogOrders.Sort(items, static (left, right) => left.CompareTo(right));
            Assert.Equal(expected, items);
        }
    }

    [Fact]
    public async Task No_order_holds_torrents_that_were_removed()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await Task.WhenAll(new[] { "delta", "alpha", "bravo" }.Select((name, i) => daemon.AddAsync(new SampleTorrent(name, seed: i))));
        foreach (string sort in (string[])["name", "-size", "addedAt"])
            await daemon.GetAsync($"/api/v1/torrents?sort={sort}");
        WeakReference[] removed = await RemoveAsync(daemon, ["alpha", "delta"]);
        await Patience.Until(() =>
        {
            GC.Collect();
            return removed.All(entry => !entry.IsAlive);
        });
        Assert.Equal("bravo", (string?)(await daemon.GetAsync("/api/v1/torrents?sort=name"))["torrents"]!.AsArray().Single()!["name"]);
    }

    [Fact]
    public async Task A_sorted_list_follows_additions_changes_and_removals()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string[] hashes = await Task.WhenAll(new[] { "delta", "alpha", "Bravo", "alpha" }.Select(
            (name, i) => daemon.AddAsync(new SampleTorrent(name, seed: i))));
        Assert.Equal(["alpha", "alpha", "Bravo", "delta"], await NamesAsync("name"));
        Assert.Equal(["delta", "Bravo", "alpha", "alpha"], await NamesAsync("-name"));
        await daemon.AddAsync(new SampleTorrent("charlie", seed: 9));
        Assert.Equal(["alpha", "alpha", "Bravo", "charlie", "delta"], await NamesAsync("name"));
        Assert.Equal(["", "", "", "", ""], await MembersAsync("category", "category"));
        using HttpResponseMessage changed = await daemon.SendAsync(
            HttpMethod.Patch, $"/api/v1/torrents/{hashes[1]}", """{"category": "z"}""");
        changed.EnsureSuccessStatusCode();
        Assert.Equal(["", "", "", "", "z"], await MembersAsync("category", "category"));
        using HttpResponseMessage removed = await daemon.SendAsync(HttpMethod.Delete, $"/api/v1/torrents/{hashes[0]}");
        removed.EnsureSuccessStatusCode();
        Assert.Equal(["alpha", "alpha", "Bravo", "charlie"], await NamesAsync("name"));

        // Pages follow each other, and what is left out is counted.
        JsonNode page = await daemon.GetAsync("/api/v1/torrents?sort=name&offset=1&limit=2");
        Assert.Equal((4, 1), ((int)page["total"]!, (int)page["offset"]!));
        Assert.Equal(["alpha", "Bravo"], page["torrents"]!.AsArray().Select(each => (string)each!["name"]!));
        page = await daemon.GetAsync("/api/v1/torrents?sort=-name&search=a&offset=1&limit=2");
        Assert.Equal(4, (int)page["total"]!);
        Assert.Equal(["Bravo", "alpha"], page["torrents"]!.AsArray().Select(each => (string)each!["name"]!));

        Task<ImmutableArray<string>> NamesAsync(string sort) => MembersAsync(sort, "name");

        async Task<ImmutableArray<string>> MembersAsync(string sort, string member) =>
        [
            .. (await daemon.GetAsync($"/api/v1/torrents?sort={sort}"))["torrents"]!.AsArray().Select(each => (string?)each![member] ?? ""),
        ];
    }

    // Their entries in the catalog.
    private static async Task<WeakReference[]> RemoveAsync(TestDaemon daemon, string[] names)
    {
        Catalog catalog = daemon.Server.Parts!.Catalog;
        IReadOnlyList<CatalogEntry> before = catalog.Entries;
        CatalogEntry[] entries = [.. before.Where(entry => names.Contains(entry.Torrent.Name))];
        Assert.Equal(names.Length, entries.Length);
        foreach (CatalogEntry entry in entries)
        {
            using HttpResponseMessage answer = await daemon.SendAsync(HttpMethod.Delete, $"/api/v1/torrents/{entry.Torrent.InfoHash}");
            answer.EnsureSuccessStatusCode();
        }

        // A request that has read the list before the removal keeps nothing of it either.
        _ = catalog.Orders.Of(before, "name", static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        return [.. entries.Select(entry => new WeakReference(entry))];
    }
}
