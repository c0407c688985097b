namespace Freshet.Cli.Streaming;

/// <summary>The media type of a file for players, by its extension.</summary>
internal static class MediaType
{
    public static string Of(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".mkv" => "video/x-matroska",
        ".webm" => "video/webm",
        ".mp4" or ".m4v" => "video/mp4",
        ".avi" => "video/x-msvideo",
        ".mov" => "video/quicktime",
        ".mpg" or ".mpeg" => "video/mpeg",
        ".ts" or ".m2ts" => "video/mp2t",
        ".wmv" => "video/x-ms-wmv",
        ".flv" => "video/x-flv",
        ".ogv" => "video/ogg",
        ".mp3" => "audio/mpeg",
        ".m4a" => "audio/mp4",
        ".aac" => "audio/aac",
        ".flac" => "audio/flac",
        ".ogg" or ".oga" or ".opus" => "audio/ogg",
        ".wav" => "audio/wav",
        ".jpg" or ".jpeg" => "image/jpeg",
        ".png" => "image/png",
        ".gif" => "image/gif",
        ".pdf" => "application/pdf",
        ".txt" or ".srt" or ".nfo" => "text/plain; charset=utf-8",
        ".vtt" => "text/vtt",
        _ => "application/octet-stream",
    };
}
