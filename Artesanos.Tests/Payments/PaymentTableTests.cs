using Artesanos.Messaging.Contracts;
using Artesanos.Payments.Charging;
using Xunit;
using static Artesanos.Payments.Charging.PaymentFact;
using static Artesanos.Tests.Payments.PaymentSamples;

namespace Artesanos.Tests.Payments;

/// <summary>
/// Every status × every input, for a payment that is confirmed on the server. A cell says the
/// next status, <c>:</c> what is published, <c>&gt;</c> the call that follows at once or
/// <c>~</c> later, <c>!</c> that an operator is called. Statuses that are not named stay as they
/// are, in silence.
/// </summary>
public sealed class PaymentTableTests
{
    private static readonly PaymentStatus[] Statuses = Enum.GetValues<PaymentStatus>();

    private static readonly string[] Columns =
        ["CR", "OP", "PR", "DE", "SU", "RG", "RP", "RD", "CA", "FA", "QU"];

    private const string NoCancelWanted =
        """
        Process            OP,PR→:pend SU→:succ RD→:refd CA→:canc FA→:fail
        Cancel             CR→.crt OP,PR→>can DE→.can SU→RG>rfd RG→.rfd RP→.get RD→:refd CA,FA→:canc QU→!
        created            CR→OP:pend>cnf
        confirm_succeeded  OP,PR,DE→SU:succ CA,FA→SU:succ!
        confirm_processing OP→PR~get PR→~get
        confirm_action     OP→mark PR→OP
        confirm_canceled   OP,PR→CA:canc DE→FA:fail
        confirm_declined   OP,PR→DE>can
        confirm_transient  OP→~cnf PR→OP~cnf
        confirm_refused    OP→DE>can
        confirm_unanswered OP→~cnf
        confirm_key_spent  OP→~cnf
        create_refused     CR→FA:fail
        create_unanswered  CR→~crt
        create_key_spent   CR→~crt
        cancel_canceled    OP,PR→CA:canc DE→FA:fail
        cancel_succeeded   OP,PR,DE→SU:succ CA,FA→SU:succ!
        cancel_processing  OP→PR~get PR→~get DE→~can
        cancel_refused     DE→~can!
        cancel_unanswered  DE→~can
        cancel_key_spent   DE→~can
        fetch_open         PR→OP
        fetch_declined     OP,PR→DE>can
        fetch_unanswered   PR→~get
        event_succeeded    OP,PR,DE→SU:succ CA,FA→SU:succ!
        event_failed       OP,PR→DE>can
        event_canceled     OP,PR→CA:canc DE→FA:fail
        event_processing   OP→PR~get
        event_action
        event_newer_status
        refund_succeeded   SU→! RG,RP→RD:refd
        refund_pending     SU→! RG→RP~get RP→~get
        refund_failed      RG→~rfd! RP,RD→RG~rfd!
        refund_refused     RG→~rfd!
        refund_was_made    RG→RP~get
        refund_unanswered  RG→~rfd
        refund_key_spent   RG→RP~get
        refund_ask_failed  RP→~get
        refund_missing     RP→RG~rfd!
        foreign_succeeded  SU→!
        foreign_failed     RD→RP~get
        event_refunded     SU→RD:refd!
        """;

    private const string CancelWanted =
        """
        Process            SU→:succ RD→:refd CA→:canc FA→:fail
        Cancel             SU→RG>rfd RD→:refd CA,FA→:canc QU→!
        created            CR→OP>can
        confirm_succeeded  OP,PR,DE→RG>rfd CA,FA→RG>rfd!
        confirm_processing
        confirm_action
        confirm_canceled   OP,PR,DE→CA:canc
        confirm_declined   OP,PR→>can
        confirm_transient  OP,PR→>can
        confirm_refused
        confirm_unanswered
        confirm_key_spent
        create_refused     CR→CA:canc
        create_unanswered  CR→~crt
        create_key_spent   CR→~crt
        cancel_canceled    OP,PR,DE→CA:canc
        cancel_succeeded   OP,PR,DE→RG>rfd CA,FA→RG>rfd!
        cancel_processing  OP,PR,DE→~can
        cancel_refused     OP,PR,DE→~can!
        cancel_unanswered  OP,PR,DE→~can
        cancel_key_spent   OP,PR,DE→~can
        fetch_open
        fetch_declined
        fetch_unanswered
        event_succeeded    OP,PR,DE→RG>rfd CA,FA→RG>rfd!
        event_failed
        event_canceled     OP,PR,DE→CA:canc
        event_processing
        event_action
        event_newer_status
        refund_succeeded   SU→! RG,RP→RD:refd
        refund_pending     SU→! RG→RP~get RP→~get
        refund_failed      RG→~rfd! RP,RD→RG~rfd!
        refund_refused     RG→~rfd!
        refund_was_made    RG→RP~get
        refund_unanswered  RG→~rfd
        refund_key_spent   RG→RP~get
        refund_ask_failed  RP→~get
        refund_missing     RP→RG~rfd!
        foreign_succeeded  SU→!
        foreign_failed     RD→RP~get
        event_refunded     SU→RD:refd!
        """;

    private static readonly Dictionary<string, Func<Payment, PaymentDecision>> Inputs = new()
    {
        ["Process"] = row => DecideCommand.Process(row, Process(), null, Rules, Now),
        ["Cancel"] = row => DecideCommand.Cancel(row, Cancel(), null, Rules, Now),
        ["created"] = Fact(Seen("requires_payment_method", StripeCall.CreateIntent)),
        ["confirm_succeeded"] = Fact(Seen("succeeded", StripeCall.ConfirmIntent)),
        ["confirm_processing"] = Fact(Seen("processing", StripeCall.ConfirmIntent)),
        ["confirm_action"] = Fact(Seen("requires_action", StripeCall.ConfirmIntent)),
        ["confirm_canceled"] = Fact(Seen("canceled", StripeCall.ConfirmIntent)),
        ["confirm_declined"] = Fact(new Declined("insufficient_funds")),
        ["confirm_transient"] = Fact(new Declined("lock_timeout")),
        ["confirm_refused"] = Fact(new Refused(StripeCall.ConfirmIntent, "resource_missing")),
        ["confirm_unanswered"] = Fact(new Unanswered(StripeCall.ConfirmIntent, false)),
        ["confirm_key_spent"] = Fact(new Unanswered(StripeCall.ConfirmIntent, true)),
        ["create_refused"] = Fact(new Refused(StripeCall.CreateIntent, "amount_too_small")),
        ["create_unanswered"] = Fact(new Unanswered(StripeCall.CreateIntent, false)),
        ["create_key_spent"] = Fact(new Unanswered(StripeCall.CreateIntent, true)),
        ["cancel_canceled"] = Fact(Seen("canceled", StripeCall.CancelIntent)),
        ["cancel_succeeded"] = Fact(Seen("succeeded", StripeCall.CancelIntent)),
        ["cancel_processing"] = Fact(Seen("processing", StripeCall.CancelIntent)),
        ["cancel_refused"] = Fact(new Refused(StripeCall.CancelIntent, "resource_missing")),
        ["cancel_unanswered"] = Fact(new Unanswered(StripeCall.CancelIntent, false)),
        ["cancel_key_spent"] = Fact(new Unanswered(StripeCall.CancelIntent, true)),
        ["fetch_open"] = Fact(Seen("requires_payment_method", StripeCall.FetchIntent)),
        ["fetch_declined"] = Fact(
            Seen("requires_payment_method", StripeCall.FetchIntent, "card_declined")),
        ["fetch_unanswered"] = Fact(new Unanswered(StripeCall.FetchIntent, false)),
        ["event_succeeded"] = Fact(Seen("succeeded")),
        ["event_failed"] = Fact(Seen("requires_payment_method", null, "card_declined")),
        ["event_canceled"] = Fact(Seen("canceled")),
        ["event_processing"] = Fact(Seen("processing")),
        ["event_action"] = Fact(Seen("requires_action")),
        ["event_newer_status"] = Fact(Seen("a_status_of_the_future")),
        ["refund_succeeded"] = Fact(RefundIs("succeeded")),
        ["refund_pending"] = Fact(RefundIs("pending")),
        ["refund_failed"] = Fact(RefundIs("failed")),
        ["refund_refused"] = Fact(new Refused(StripeCall.CreateRefund, "insufficient_balance")),
        ["refund_was_made"] = Fact(new Refused(StripeCall.CreateRefund, "charge_already_refunded")),
        ["refund_unanswered"] = Fact(new Unanswered(StripeCall.CreateRefund, false)),
        ["refund_key_spent"] = Fact(new Unanswered(StripeCall.CreateRefund, true)),
        ["refund_ask_failed"] = Fact(new Unanswered(StripeCall.FetchRefund, false)),
        ["refund_missing"] = Fact(new RefundMissing()),
        ["foreign_succeeded"] = Fact(new RefundSeen("re_9", null, "succeeded", 4999, null)),
        ["foreign_failed"] = Fact(new RefundSeen("re_9", null, "failed", 4999, null)),
        ["event_refunded"] = Fact(new ChargeRefunded()),
    };

    [Fact]
    public void Every_status_and_input_has_the_cell_of_the_table() =>
        Assert.Equal(NoCancelWanted, Table(cancelWanted: false), ignoreLineEndingDifferences: true);

    [Fact]
    public void Once_a_cancel_is_wanted_every_way_leads_to_cancelled_or_refunded() =>
        Assert.Equal(CancelWanted, Table(cancelWanted: true), ignoreLineEndingDifferences: true);

    [Fact]
    public void No_input_confirms_a_payment_whose_cancel_is_wanted()
    {
        foreach (var status in Statuses)
        {
            foreach (var (input, decide) in Inputs)
            {
                var decision = decide(Row(status, cancelWanted: true));
                Assert.True(
                    decision.Payment.CancelWanted
                    && decision.Payment.DueCall != StripeCall.ConfirmIntent,
                    $"{status} on {input}");
            }
        }
    }

    [Fact]
    public void The_same_fact_twice_publishes_nothing_the_second_time()
    {
        foreach (var status in Statuses)
        {
            foreach (var (input, decide) in Inputs.Where(i => char.IsLower(i.Key[0])))
            {
                var second = decide(decide(Row(status)).Payment);
                Assert.True(second.Messages.Count == 0, $"{status} on {input}");
            }
        }
    }

    private static Func<Payment, PaymentDecision> Fact(PaymentFact fact) =>
        row => DecideFact.Decide(row, fact, Rules, Now);

    private static string Table(bool cancelWanted)
    {
        return string.Join('\n', Inputs.Select(input =>
        {
            var cells = Statuses
                .Select(status => (Status: Columns[(int)status], Cell: Cell(
                    Row(status, cancelWanted), input.Value)))
                .Where(cell => cell.Cell != "=")
                .GroupBy(cell => cell.Cell, cell => cell.Status)
                .Select(group => $"{string.Join(',', group)}→{group.Key}");
            return $"{input.Key,-18} {string.Join(' ', cells)}".TrimEnd();
        }));
    }

    private static string Cell(Payment row, Func<Payment, PaymentDecision> decide)
    {
        var decision = decide(row);
        var next = decision.Payment;
        var status = next.Status == row.Status ? "" : Columns[(int)next.Status];
        var messages = string.Concat(decision.Messages.Select(message => ":" + message switch
        {
            PaymentPending => "pend",
            PaymentSucceeded => "succ",
            PaymentFailed => "fail",
            PaymentCancelled => "canc",
            PaymentRefunded => "refd",
            _ => "?",
        }));
        var moved = next.Version != row.Version;
        var call = !moved || next.DueCall is not { } due ? ""
            : (decision.CallNow ? ">" : next.NextTryAt == row.NextTryAt ? "." : "~") + due switch
            {
                StripeCall.CreateIntent => "crt",
                StripeCall.ConfirmIntent => "cnf",
                StripeCall.CancelIntent => "can",
                StripeCall.FetchIntent => "get",
                StripeCall.CreateRefund => "rfd",
                _ => "get",
            };
        var cell = status + messages + call + (decision.Alert is null ? "" : "!");
        return cell.Length > 0 ? cell : moved ? "mark" : "=";
    }
}
