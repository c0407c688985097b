using System.Collections.Immutable;
using System.Globalization;
using Freshet.Api;
using Freshet.Daemon.Http;
using Freshet.Daemon.Running;
using Freshet.Daemon.Views;
using Microsoft.AspNetCore.Http;

namespace Freshet.Daemon.Endpoints;

/// <summary>The files of a torrent: progress, priorities and names.</summary>
internal sealed class FileEndpoints(DaemonParts parts)
{
    private readonly Actions _actions = new(parts);

    public IEnumerable<Operation> Operations =>
    [
        new("GET", "/api/v1/torrents/{hash}/files", "listFiles", "The files.", ListAsync)
            { Response = JsonContext.Default.FileList, Errors = [(404, "no-such-torrent")] },
        new("PATCH", "/api/v1/torrents/{hash}/files", "changeFiles", "Sets a priority for files.", ChangeAsync)
        {
            Request = JsonContext.Default.FileChange,
            Status = StatusCodes.Status204NoContent,
            MayGoOn = true,
            Errors =
            [
                (404, "no-such-torrent"), (404, "no-such-file"), (409, "no-metadata"), (409, "file-exists"), (409, "path-in-use"),
                (409, "superseded"),
            ],
        },
        new("POST", "/api/v1/torrents/{hash}/files/{index}/rename", "renameFile", "Renames a file.", RenameAsync)
        {
            Request = JsonContext.Default.FileRename,
            Status = StatusCodes.Status204NoContent,
            MayGoOn = true,
            Errors =
            [
                (404, "no-such-torrent"), (404, "no-such-file"), (409, "file-exists"), (409, "locked"), (409, "path-in-use"),
                (409, "superseded"),
            ],
        },
        new("POST", "/api/v1/torrents/{hash}/rename-folder", "renameFolder", "Renames a folder of files.", RenameFolderAsync)
        {
            Request = JsonContext.Default.FolderRename,
            Status = StatusCodes.Status204NoContent,
            MayGoOn = true,
            Errors =
            [
                (404, "no-such-torrent"), (409, "no-metadata"), (409, "file-exists"), (409, "locked"), (409, "path-in-use"),
                (409, "superseded"),
            ],
        },
    ];

    private Task ListAsync(HttpContext context)
    {
        Torrent torrent = context.TorrentOf(parts.Session);
        FileList files = new()
        {
            Files = [.. torrent.Files.Where(file => !file.IsPadding).Select(file => new FileItem
            {
                Index = file.Index,
                // The current path, which differs from the torrent's own after a rename.
                Path = Path.GetRelativePath(torrent.Folder, file.StoredPath).Replace(Path.DirectorySeparatorChar, '/'),
                Size = file.Length.Bytes,
                Verified = file.Verified.Bytes,
                Progress = file.Progress,
                Priority = Codes.Of(file.Priority),
            })],
        };
        return context.WriteAsync(files, JsonContext.Default.FileList);
    }

    private async Task ChangeAsync(HttpContext context)
    {
        Torrent torrent = context.TorrentOf(parts.Session);
        FileChange change = await context.ReadAsync(JsonContext.Default.FileChange).ConfigureAwait(false);
        int count = torrent.Files.Length;
        if (count == 0)
            throw new ApiException(409, "no-metadata", "The torrent's files are not known yet.");
        IReadOnlyList<int> chosen = change.Files ?? [.. Enumerable.Range(0, count)];
        foreach (int index in chosen)
        {
            if (index < 0 || index >= count)
                throw NoSuchFile(index.ToString(CultureInfo.InvariantCulture));
        }

        FilePriority priority = Codes.Of(change.Priority);
        await _actions.AnswerAsync(context, torrent, CommandKind.Change, changed => changed.ApplyAsync(
            options => options with { FilePriorities = With(options.FilePriorities, count, chosen, priority) })).ConfigureAwait(false);
    }

    // Files for which nothing was chosen have the normal priority.
    private static ImmutableArray<FilePriority> With(
        ImmutableArray<FilePriority> present, int count, IReadOnlyList<int> chosen, FilePriority priority)
    {
        FilePriority[] priorities = new FilePriority[count];
        Array.Fill(priorities, FilePriority.Normal);
        present.AsSpan()[..Math.Min(count, present.Length)].CopyTo(priorities);
        foreach (int index in chosen)
            priorities[index] = priority;
        return [.. priorities];
    }

    private async Task RenameAsync(HttpContext context)
    {
        Torrent torrent = context.TorrentOf(parts.Session);
        int index = IndexOf(context, torrent);
        FileRename rename = await context.ReadAsync(JsonContext.Default.FileRename).ConfigureAwait(false);
        await _actions.AnswerAsync(context, torrent, CommandKind.Change, renamed => renamed.RenameFileAsync(index, rename.Path))
            .ConfigureAwait(false);
    }

    private async Task RenameFolderAsync(HttpContext context)
    {
        Torrent torrent = context.TorrentOf(parts.Session);
        FolderRename rename = await context.ReadAsync(JsonContext.Default.FolderRename).ConfigureAwait(false);
        if (!torrent.HasMetadata)
            throw new ApiException(409, "no-metadata", "The torrent's files are not known yet.");
        await _actions.AnswerAsync(
            context, torrent, CommandKind.Change, renamed => renamed.RenameFolderAsync(rename.Folder, rename.Path)).ConfigureAwait(false);
    }

    /// <summary>The file given in the route.</summary>
    /// <exception cref="ApiException">There is no such file.</exception>
    public static int IndexOf(HttpContext context, Torrent torrent)
    {
        string text = (string?)context.Request.RouteValues["index"] ?? "";
        bool isIndex = int.TryParse(
            text, NumberStyles.None, CultureInfo.InvariantCulture, out int index);
        return isIndex && index < torrent.Files.Length ? index : throw NoSuchFile(text);
    }

    private static ApiException NoSuchFile(string index) => new(404, "no-such-file", $"The torrent has no file {index}.");
}
