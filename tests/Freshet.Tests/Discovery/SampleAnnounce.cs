using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;
using Freshet.Core.Wire;

namespace Freshet.Tests.Discovery;

/// <summary>The first announce of a leecher; its info-hash contains bytes that must be escaped in a URL.</summary>
internal static class SampleAnnounce
{
    public static AnnounceRequest Request { get; } = new()
    {
        InfoHash = new InfoHash("\u0001&=%+ .~aaaaaaaaaaaa"u8),
        PeerId = new PeerId("-FR0100-abcdefghijkl"u8),
        Port = 6881,
        Uploaded = 0,
        Downloaded = 0,
        Left = 1,
        Event = AnnounceEvent.Started,
    };
}
