namespace Freshet.Daemon.Security;

/// <summary>What became of an attempt to log in.</summary>
/// <param name="Secret">The secret of the new session; null if there is none.</param>
/// <param name="Wait">How long to wait if too many attempts have failed; null if this one was wrong itself.</param>
internal readonly record struct LoginResult(string? Secret, TimeSpan? Wait);
