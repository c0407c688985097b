namespace Freshet.Daemon.Endpoints;

/// <summary>The media types of a torrent's files that a browser may display: nothing that can contain a script.</summary>
internal static class MediaTypes
{
    private static readonly Dictionary<string, string> BySuffix = new(StringComparer.OrdinalIgnoreCase)
    {
        [".mp4"] = "video/mp4",
        [".m4v"] = "video/mp4",
        [".webm"] = "video/webm",
        [".mkv"] = "video/x-matroska",
        [".mov"] = "video/quicktime",
        [".avi"] = "video/x-msvideo",
        [".ogv"] = "video/ogg",
        [".mp3"] = "audio/mpeg",
        [".m4a"] = "audio/mp4",
        [".ogg"] = "audio/ogg",
        [".oga"] = "audio/ogg",
        [".opus"] = "audio/ogg",
        [".flac"] = "audio/flac",
        [".wav"] = "audio/wav",
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".png"] = "image/png",
        [".gif"] = "image/gif",
        [".webp"] = "image/webp",
        [".avif"] = "image/avif",
        [".txt"] = "text/plain; charset=utf-8",
        [".nfo"] = "text/plain; charset=utf-8",
        [".md"] = "text/plain; charset=utf-8",
        [".srt"] = "text/plain; charset=utf-8",
        [".vtt"] = "text/vtt; charset=utf-8",
    };

    /// <summary>The type of a file by its name; null if a browser should only save it.</summary>
    public static string? Of(string name) => BySuffix.GetValueOrDefault(Path.GetExtension(name));
}
