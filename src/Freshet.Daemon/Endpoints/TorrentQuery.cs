using System.Text.Json;
using Freshet.Api;
using Freshet.Daemon.Feeds;
using Freshet.Daemon.Http;
using Microsoft.AspNetCore.Http;

namespace Freshet.Daemon.Endpoints;

/// <summary>The filter and order of a list of torrents.</summary>
internal sealed class TorrentQuery
{
    private static readonly Dictionary<string, Comparison<TorrentItem>> Orders = new(StringComparer.Ordinal)
    {
        ["hash"] = By(item => item.Hash, StringComparer.Ordinal),
        ["name"] = By(item => item.Name, StringComparer.OrdinalIgnoreCase),
        ["state"] = By(item => item.State),
        ["reason"] = By(item => item.Reason),
        ["why"] = By(item => item.Why, StringComparer.OrdinalIgnoreCase),
        ["trackerError"] = By(item => item.TrackerError ?? "", StringComparer.OrdinalIgnoreCase),
        ["progress"] = By(item => item.Progress),
        ["size"] = By(item => item.Size ?? -1),
        ["left"] = By(item => item.Left),
        ["downloaded"] = By(item => item.Downloaded),
        ["uploaded"] = By(item => item.Uploaded),
        ["wasted"] = By(item => item.Wasted),
        ["ratio"] = By(item => item.Ratio ?? -1),
        ["downloadRate"] = By(item => item.DownloadRate),
        ["uploadRate"] = By(item => item.UploadRate),
        ["eta"] = By(item => item.Eta ?? long.MaxValue),
        ["peers"] = By(item => item.Peers),
        ["seeds"] = By(item => item.Seeds),
        ["knownPeers"] = By(item => item.KnownPeers),
        ["swarmSeeders"] = By(item => item.SwarmSeeders ?? -1),
        ["swarmLeechers"] = By(item => item.SwarmLeechers ?? -1),
        ["pieces"] = By(item => item.Pieces),
        ["piecesHave"] = By(item => item.PiecesHave),
        ["category"] = By(item => item.Category ?? "", StringComparer.OrdinalIgnoreCase),
        ["folder"] = By(item => item.Folder, StringComparer.Ordinal),
        ["availability"] = By(item => item.Availability ?? -1),
        ["copies"] = By(item => item.Copies ?? -1),
        ["order"] = By(item => item.Order),
        ["seedLimit"] = By(item => item.SeedLimit),
        ["queuedBehind"] = By(item => item.QueuedBehind ?? int.MaxValue),
        ["addedAt"] = By(item => item.AddedAt ?? default),
        ["completedAt"] = By(item => item.CompletedAt ?? default),
    };

    private static readonly Dictionary<StateCode, string> Words = Enum.GetValues<StateCode>()
        .ToDictionary(state => state, state => JsonNamingPolicy.KebabCaseLower.ConvertName(state.ToString()));

    private readonly string[] _states;
    private readonly string[] _labels;
    private readonly string[] _categories;
    private readonly string[] _trackers;
    private readonly string[] _words;
    private readonly string? _sort;
    private readonly Comparison<TorrentItem>? _order;

    /// <exception cref="ApiException">The query is invalid.</exception>
    public TorrentQuery(HttpContext context)
    {
        _states = context.QueryList("state");
        foreach (string state in _states)
        {
            if (state is not ("active" or "attention") && !Words.ContainsValue(state))
                throw ApiException.InvalidValue("state", $"\"{state}\" is none of the states, nor active or attention");
        }

        _labels = context.QueryList("label");
        _categories = context.QueryList("category");
        _trackers = context.QueryList("tracker");
        _words = (context.Query("search") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (context.Query("sort") is { Length: > 0 } sort)
        {
            bool isDown = sort[0] == '-';
            if (!Orders.TryGetValue(isDown ? sort[1..] : sort, out Comparison<TorrentItem>? order))
                throw ApiException.InvalidValue("sort", $"\"{sort}\" is nothing to sort by");
            _sort = sort;
            _order = isDown ? (left, right) => order(right, left) : order;
        }
    }

    private bool FitsAll =>
        _states.Length == 0 && _labels.Length == 0 && _categories.Length == 0 && _trackers.Length == 0 && _words.Length == 0;

    /// <summary>Some of the torrents that match the query, in its order, and how many match it.</summary>
    /// <param name="catalog">All torrents.</param>
    /// <param name="offset">How many are left out at the beginning.</param>
    /// <param name="limit">How many there are at the most.</param>
    public (int Total, IReadOnlyList<CatalogItem> Page) Of(Catalog catalog, int offset, int limit)
    {
        IReadOnlyList<CatalogEntry> entries = catalog.Entries;
        if (_order is not null)
            entries = catalog.Orders.Of(entries, _sort!, _order);
        if (FitsAll)
            return (entries.Count, [.. entries.Skip(offset).Take(limit).Select(entry => entry.Current)]);
        List<CatalogItem> page = [];
        int total = 0;
        foreach (CatalogEntry entry in entries)
        {
            CatalogItem current = entry.Current;
            if (!Fits(current.Item))
                continue;
            if (total >= offset && page.Count < limit)
                page.Add(current);
            total++;
        }

        return (total, page);
    }

    // What is not asked for costs nothing: there are many torrents.
    private bool Fits(TorrentItem item) =>
        (_states.Length == 0 || HasState(item))
        && (_labels.Length == 0 || HasLabel(item))
        && (_categories.Length == 0 || _categories.Contains(item.Category ?? ""))
        && (_trackers.Length == 0 || HasTracker(item))
        && (_words.Length == 0 || HasWords(item));

    private bool HasState(TorrentItem item) => Array.Exists(_states, state => IsIn(item, state));

    private bool HasLabel(TorrentItem item) =>
        Array.Exists(_labels, label => label.Length == 0 ? item.Labels.Count == 0 : item.Labels.Contains(label));

    private bool HasTracker(TorrentItem item) =>
        Array.Exists(_trackers, host => host.Length == 0 ? item.Trackers.Count == 0 : item.Trackers.Contains(host));

    private bool HasWords(TorrentItem item) => Array.TrueForAll(_words, word => Has(item, word));

    private static bool Has(TorrentItem item, string word) =>
        item.Name.Contains(word, StringComparison.OrdinalIgnoreCase)
        || item.Hash.StartsWith(word, StringComparison.OrdinalIgnoreCase)
        || (item.Labels.Count > 0 && item.Labels.Contains(word, StringComparer.OrdinalIgnoreCase));

    private static bool IsIn(TorrentItem item, string state) => state switch
    {
        "active" => item.DownloadRate > 0 || item.UploadRate > 0,
        "attention" => item.State is StateCode.Failed or StateCode.WaitingForDisk || item.TrackerError is not null,
        _ => WordOf(item.State) == state,
    };

    private static string WordOf(StateCode state) => Words[state];

    private static Comparison<TorrentItem> By<T>(Func<TorrentItem, T> key) =>
        (left, right) => Comparer<T>.Default.Compare(key(left), key(right));

    private static Comparison<TorrentItem> By(Func<TorrentItem, string> key, StringComparer comparer) =>
        (left, right) => comparer.Compare(key(left), key(right));
}
