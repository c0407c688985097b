namespace Freshet.Persistence;

/// <summary>A move of files to another folder, during which the process may end at any time.</summary>
/// <param name="Folder">The other folder, absolute.</param>
/// <param name="IsSwitched">
/// Whether all files have arrived and the record names the new folder: <paramref name="Folder"/> is then the old one, where the copied
/// originals still have to be deleted. Otherwise it is the new one, and each file is complete in one of the two.
/// </param>
internal sealed record PendingMove(string Folder, bool IsSwitched);
