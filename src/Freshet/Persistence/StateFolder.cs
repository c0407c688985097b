using Freshet.Core;
using Freshet.Core.Metainfo;

namespace Freshet.Persistence;

/// <summary>
/// A session's memory on disk: <c>HASH.torrent</c> and <c>HASH.resume</c> for each torrent. What cannot be understood is set aside
/// as <c>.bad</c> and never overwritten in silence.
/// </summary>
internal sealed class StateFolder
{
    private const string TorrentSuffix = ".torrent";
    private const string ResumeSuffix = ".resume";
    private readonly string _folder;

    /// <exception cref="FreshetException">The folder cannot be made.</exception>
    public StateFolder(string folder)
    {
        _folder = Path.GetFullPath(folder);
        try
        {
            Directory.CreateDirectory(_folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FreshetException($"The state folder {_folder} cannot be made: {e.Message} Name another with --state, or keep no state.", e);
        }
    }

    /// <summary>
    /// Claims a torrent for this process until disposed, so that two processes never write the same files.
    /// </summary>
    /// <exception cref="FreshetException">Another process has it.</exception>
    public IDisposable Claim(InfoHash infoHash)
    {
        string path = PathOf(infoHash, ".lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new FreshetException(
                $"Another process is at work on torrent {infoHash}: {path} is locked. Stop it first, or use another state folder.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new FreshetException($"{path} cannot be written: {e.Message}", e);
        }
    }

    public void SaveTorrent(InfoHash infoHash, ReadOnlySpan<byte> content)
    {
        string path = PathOf(infoHash, TorrentSuffix);
        if (!File.Exists(path) || new FileInfo(path).Length != content.Length)
            new AtomicFile(path).Replace(content);
    }

    public void SaveResume(ResumeRecord record) => new AtomicFile(PathOf(record.InfoHash, ResumeSuffix)).Replace(ResumeCodec.Write(record));

    /// <summary>What an earlier run recorded, or null if it recorded nothing that can be understood; then the words why, if any.</summary>
    public (ResumeRecord? Record, string? Warning) LoadResume(TorrentMetainfo metainfo)
    {
        AtomicFile file = new(PathOf(metainfo.SwarmHash, ResumeSuffix));
        string? warning = null;
        foreach (string path in (string[])[file.Path, file.Previous])
        {
            ResumeRecord? record = TryLoad(path, metainfo, out string? error);
            if (record is not null)
                return (record, warning);
            if (error is not null)
                warning = $"{SetAside(path)} was set aside: {error}. The data will be checked.";
        }

        return (null, warning);
    }

    public void Forget(InfoHash infoHash)
    {
        new AtomicFile(PathOf(infoHash, ResumeSuffix)).Delete();
        new AtomicFile(PathOf(infoHash, TorrentSuffix)).Delete();
    }

    private static ResumeRecord? TryLoad(string path, TorrentMetainfo metainfo, out string? error)
    {
        error = null;
        try
        {
            FileInfo info = new(path);
            if (!info.Exists)
                return null;
            if (info.Length > Limits.MaxResumeLength)
            {
                error = $"it has {info.Length} bytes, more than any resume file";
                return null;
            }

            return ResumeCodec.TryRead(File.ReadAllBytes(path), metainfo, out ResumeRecord? record, out error) ? record : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error = e.Message;
            return null;
        }
    }

    private static string SetAside(string path)
    {
        string aside = path + ".bad";
        try
        {
            File.Move(path, aside, overwrite: true);
            return aside;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return path;
        }
    }

    private string PathOf(InfoHash infoHash, string suffix) => Path.Combine(_folder, infoHash + suffix);
}
