using Freshet.Core;
using Freshet.Core.Metainfo;
using Freshet.Disk;

namespace Freshet.Persistence;

/// <summary>
/// A session's memory on disk: <c>HASH.torrent</c> and <c>HASH.resume</c> for each torrent. What cannot be understood is set aside
/// as <c>.bad</c> and never overwritten in silence.
/// </summary>
internal sealed class StateFolder
{
    private const string TorrentSuffix = ".torrent";
    private const string ResumeSuffix = ".resume";
    private const string LockSuffix = ".lock";
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
    /// Claims a torrent for this process until disposed, so that two processes never write the same record or the same files.
    /// </summary>
    /// <param name="infoHash">Which.</param>
    /// <param name="folder">The absolute folder of its files.</param>
    /// <returns>The claim; without the record if another process has the torrent in another folder.</returns>
    /// <exception cref="FreshetException">Another process has it in this folder, or perhaps does.</exception>
    public TorrentClaim Claim(InfoHash infoHash, string folder)
    {
        string path = PathOf(infoHash, LockSuffix);
        try
        {
            return TorrentClaim.Take(path, folder);
        }
        catch (IOException e) when (Errno.IsLocked(e.HResult))
        {
            throw new FreshetException(
                $"Another process or session is at work on torrent {infoHash}, in {folder} for all that can be told. Stop it, or name another folder.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FreshetException(
                $"The state folder cannot be written: {StorageError.From(e, "open", path).Message} Another state folder will do as well.", e);
        }
    }

    public void SaveTorrent(InfoHash infoHash, ReadOnlySpan<byte> content)
    {
        string path = PathOf(infoHash, TorrentSuffix);
        if (!Holds(path, content))
            new AtomicFile(path).Replace(content);
    }

    public void SaveResume(ResumeRecord record) => new AtomicFile(PathOf(record.InfoHash, ResumeSuffix)).Replace(ResumeCodec.Write(record));

    /// <summary>What an earlier run recorded, or null if it recorded nothing that can be understood; then the words why, if any.</summary>
    public (ResumeRecord? Record, string? Warning) LoadResume(TorrentMetainfo metainfo)
    {
        AtomicFile file = new(PathOf(metainfo.SwarmHash, ResumeSuffix));
        List<string> troubles = [];
        foreach (string path in (string[])[file.Path, file.Previous])
        {
            ResumeRecord? record = TryLoad(path, metainfo, out string? error, out bool isDiskError);
            if (record is not null)
                return (record, Describe(troubles, "The record before it is used."));
            if (error is not null)
                troubles.Add(isDiskError ? $"{path} cannot be read: {error}" : SetAside(path) + $": {error}.");
        }

        return (null, Describe(troubles, "The data will be checked."));
    }

    /// <summary>Forgets a torrent that is claimed.</summary>
    public void Forget(InfoHash infoHash)
    {
        new AtomicFile(PathOf(infoHash, ResumeSuffix)).Delete();
        new AtomicFile(PathOf(infoHash, TorrentSuffix)).Delete();
        TorrentClaim.Forget(PathOf(infoHash, LockSuffix));
    }

    private static string? Describe(List<string> troubles, string consequence) =>
        troubles.Count == 0 ? null : string.Join(' ', troubles) + " " + consequence;

    private static bool Holds(string path, ReadOnlySpan<byte> content) =>
        File.Exists(path) && new FileInfo(path).Length == content.Length && content.SequenceEqual(File.ReadAllBytes(path));

    /// <param name="path">The file.</param>
    /// <param name="metainfo">Whose record it is to be.</param>
    /// <param name="error">Why there is none; null if there is no file.</param>
    /// <param name="isDiskError">Whether the disk is to blame, and not what the file holds.</param>
    private static ResumeRecord? TryLoad(string path, TorrentMetainfo metainfo, out string? error, out bool isDiskError)
    {
        error = null;
        isDiskError = false;
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
            isDiskError = true;
            return null;
        }
    }

    private static string SetAside(string path)
    {
        string aside = path + ".bad";
        try
        {
            File.Move(path, aside, overwrite: true);
            return $"{aside} was set aside";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{path} is passed over";
        }
    }

    private string PathOf(InfoHash infoHash, string suffix) => Path.Combine(_folder, infoHash + suffix);
}
