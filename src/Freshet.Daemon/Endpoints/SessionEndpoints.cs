using Freshet.Api;
using Freshet.Daemon.Feeds;
using Freshet.Daemon.Http;
using Freshet.Daemon.Running;
using Freshet.Daemon.Views;
using Microsoft.AspNetCore.Http;

namespace Freshet.Daemon.Endpoints;

/// <summary>The session: its status, settings, statistics, folders of the server, and the log.</summary>
internal sealed class SessionEndpoints(DaemonParts parts)
{
    private const int DefaultEntries = 200;

    private static readonly RequestParameter After = new("after", "integer", "Only entries behind this one, the oldest first.")
    { Limits = new() { Least = 0 } };

    private static readonly RequestParameter Before = new("before", "integer", "Only entries before this one.")
    { Limits = new() { Least = 1 } };

    private static readonly RequestParameter Limit = new("limit", "integer", "How many entries, 1 to 10,000; 200 if not given.")
    { Limits = new() { Least = 1, Most = Bounds.MaxLogEntries } };

    private static readonly RequestParameter Level = new("level", "string", "The least level; info if not given.")
    { Limits = new() { Words = ["debug", "info", "warning", "error"] } };

    private static readonly RequestParameter Span = new(
        "span", "string", "minutes: the last ten, by seconds. day: the last 24 hours, by minutes.")
    { Limits = new() { Words = ["minutes", "day"] } };

    private static readonly IReadOnlyList<RequestParameter> LogQuery = [After, Before, Limit, Level];

    public IEnumerable<Operation> Operations =>
    [
        new("GET", "/api/v1/session", "getSession", "The daemon and its session.", GetAsync) { Response = JsonContext.Default.SessionInfo },
        new("GET", "/api/v1/session/settings", "getSettings", "The settings.", GetSettingsAsync)
            { Response = JsonContext.Default.SessionSettings },
        new("PATCH", "/api/v1/session/settings", "changeSettings", "Changes settings, now and for later starts.", ChangeAsync)
        {
            Request = JsonContext.Default.SessionChange,
            Response = JsonContext.Default.SessionSettings,
            Errors = [(503, "not-available")],
        },
        new("GET", "/api/v1/session/statistics", "getStatistics", "What the session has done.", StatisticsAsync)
            { Response = JsonContext.Default.SessionStatistics },
        new("GET", "/api/v1/session/history", "getHistory", "Rates of the past.", HistoryAsync)
        {
            Response = JsonContext.Default.RateHistory,
            Query = [Span],
        },
        new("GET", "/api/v1/folders", "getFolder", "A folder on the server.", FolderAsync)
        {
            Response = JsonContext.Default.FolderInfo,
            Query = [new("path", "string", "The folder; the download folder if not given.")],
            Errors = [(403, "path-not-allowed"), (404, "not-found"), (500, "storage"), (503, "not-available")],
        },
        new("GET", "/api/v1/log", "readLog", "What happened.", context => LogAsync(context, hash: null))
            { Response = JsonContext.Default.LogPage, Query = LogQuery },
        new("GET", "/api/v1/torrents/{hash}/log", "readTorrentLog", "What happened to a torrent.", TorrentLogAsync)
            { Response = JsonContext.Default.LogPage, Query = LogQuery, Errors = [(404, "no-such-torrent")] },
    ];

    private Task GetAsync(HttpContext context) => context.WriteAsync(
        new SessionInfo
        {
            Version = DaemonVersion.Number,
            StartedAt = parts.StartedAt,
            DownloadFolder = parts.Control.Settings.DownloadFolder,
            AllowedFolders = parts.Paths.All,
            ListenPort = parts.Catalog.Status.ListenPort,
            ListenEndPoints = [.. parts.Session.ListenEndPoints.Select(endPoint => endPoint.ToString())],
            Network = NetworkViews.Of(parts.Catalog.Status, parts.Time.GetUtcNow()),
            Warnings = [.. parts.Session.RestoreErrors, .. parts.Control.Warnings, .. parts.Troubles.All],
            Status = parts.Catalog.State,
        },
        JsonContext.Default.SessionInfo);

    private Task GetSettingsAsync(HttpContext context) =>
        context.WriteAsync(parts.Control.Settings, JsonContext.Default.SessionSettings);

    private async Task ChangeAsync(HttpContext context)
    {
        SessionChange change = await context.ReadAsync(JsonContext.Default.SessionChange).ConfigureAwait(false);
        SessionSettings settings = await parts.Control.ChangeAsync(change, context.RequestAborted).ConfigureAwait(false);
        await parts.Catalog.RefreshAsync().ConfigureAwait(false);
        await context.WriteAsync(settings, JsonContext.Default.SessionSettings).ConfigureAwait(false);
    }

    private Task StatisticsAsync(HttpContext context)
    {
        TransferTotals transferred = parts.Catalog.Transferred;
        long totalDown = 0, totalUp = 0, active = 0;
        foreach (Torrent torrent in parts.Session.Torrents)
        {
            TorrentTotals totals = torrent.Totals;
            totalDown += totals.Downloaded.Bytes;
            totalUp += totals.Uploaded.Bytes;
            active += (long)totals.ActiveTime.TotalSeconds;
        }

        return context.WriteAsync(
            new SessionStatistics
            {
                Uptime = (long)(parts.Time.GetUtcNow() - parts.StartedAt).TotalSeconds,
                Downloaded = transferred.Downloaded,
                Uploaded = transferred.Uploaded,
                Wasted = transferred.Wasted,
                TotalDownloaded = totalDown,
                TotalUploaded = totalUp,
                Ratio = totalDown == 0 ? null : Math.Round((double)totalUp / totalDown, 4),
                ActiveTime = active,
                Memory = Environment.WorkingSet,
            },
            JsonContext.Default.SessionStatistics);
    }

    private Task HistoryAsync(HttpContext context) =>
        context.WriteAsync(parts.History.Read(context.QueryWord(Span, "minutes") == "day"), JsonContext.Default.RateHistory);

    private async Task FolderAsync(HttpContext context)
    {
        string path = context.Query("path") is { Length: > 0 } asked ? asked : parts.Control.Settings.DownloadFolder;
        string folder = await parts.Paths.ResolveAsync(path, parts.Control.Settings.DownloadFolder, context.RequestAborted)
            .ConfigureAwait(false) ?? throw FolderPaths.NotAllowed(path);
        try
        {
            FolderInfo info = await parts.Paths.LookAsync(folder, real => Look(folder, real), context.RequestAborted).ConfigureAwait(false);
            await context.WriteAsync(info, JsonContext.Default.FolderInfo).ConfigureAwait(false);
        }
        catch (DirectoryNotFoundException)
        {
            throw new ApiException(404, "not-found", $"There is no folder {folder}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ApiException(500, "storage", $"The folder {folder} cannot be read: {e.Message.TrimEnd('.')}.");
        }
    }

    // On a thread that may wait for the disk.
    private static FolderInfo Look(string folder, string real)
    {
        EnumerationOptions visible = new() { AttributesToSkip = FileAttributes.Hidden | FileAttributes.System, IgnoreInaccessible = true };
        if (!Directory.Exists(real))
            throw new DirectoryNotFoundException();
        (long Free, long Total)? space = DiskSpace.Ask(real);
        return new FolderInfo
        {
            Path = folder,
            Folders =
            [
                .. new DirectoryInfo(real).EnumerateDirectories("*", visible)
                    .Select(directory => directory.Name)
                    .Take(Bounds.MaxFolderNames)
                    .Order(StringComparer.OrdinalIgnoreCase),
            ],
            FreeSpace = space?.Free,
            TotalSpace = space?.Total,
        };
    }

    private Task TorrentLogAsync(HttpContext context) => LogAsync(context, context.TorrentOf(parts.Session).InfoHash.ToString());

    private Task LogAsync(HttpContext context, string? hash)
    {
        long after = context.QueryNumber(After, -1);
        long before = context.QueryNumber(Before, -1);
        int limit = (int)context.QueryNumber(Limit, DefaultEntries);
        LogLevelCode least = context.QueryWord(Level, "info") switch
        {
            "debug" => LogLevelCode.Debug,
            "info" => LogLevelCode.Info,
            "warning" => LogLevelCode.Warning,
            _ => LogLevelCode.Error,
        };
        LogPage page = parts.Log.Read(after < 0 ? null : after, before < 0 ? null : before, limit, least, hash);
        return context.WriteAsync(page, JsonContext.Default.LogPage);
    }
}
