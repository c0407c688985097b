namespace Freshet.Persistence;

/// <summary>Files that are being moved to another folder: the process may end at any time in between.</summary>
/// <param name="Folder">The other folder, absolute.</param>
/// <param name="IsSwitched">
/// Whether all files are there by now, and the record names the new folder: then <paramref name="Folder"/> is the old one, in which what
/// was copied is to be deleted. Otherwise it is the new one, and each file is whole in one of the two.
/// </param>
internal sealed record PendingMove(string Folder, bool IsSwitched);
