using Artesanos.Audit;

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupted.Cancel();
};
return await AuditCommand.RunAsync(args, Console.Out, Console.Error, interrupted.Token);
