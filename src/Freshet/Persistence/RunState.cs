namespace Freshet.Persistence;

/// <summary>What a torrent was doing when it was recorded: it does so again at the next start, and its times advance until then.</summary>
internal enum RunState
{
    /// <summary>Its user had stopped it.</summary>
    Stopped,

    /// <summary>It was running, and something was missing.</summary>
    Running,

    /// <summary>It was running, and everything wanted was complete.</summary>
    Seeding,

    /// <summary>It had failed; the next start tries again, and no time counts.</summary>
    Failed,

    /// <summary>It was waiting for its turn to be active, so that no time counts.</summary>
    Queued,
}
