"""The order that the schemas give to the children of an element, where a term may have to be put between others.

CII: Factur-X 1.09 EXTENDED, whose order is that of D16B and D22B. UBL: 2.1. Only the elements into which ``bind``
inserts; a child that is missing here has no place there.
"""

from __future__ import annotations

_CII_REFERENCE = (
    "IssuerAssignedID URIID LineID TypeCode Name AttachmentBinaryObject ReferenceTypeCode FormattedIssueDateTime"
)

_CII = {
    "ExchangedDocumentContext": (
        "TestIndicator BusinessProcessSpecifiedDocumentContextParameter GuidelineSpecifiedDocumentContextParameter"
    ),
    "ExchangedDocument": (
        "ID Name TypeCode IssueDateTime CopyIndicator LanguageID IncludedNote EffectiveSpecifiedPeriod"
    ),
    "ApplicableHeaderTradeAgreement": (
        "BuyerReference SellerTradeParty BuyerTradeParty SalesAgentTradeParty BuyerTaxRepresentativeTradeParty"
        " SellerTaxRepresentativeTradeParty ProductEndUserTradeParty ApplicableTradeDeliveryTerms"
        " SellerOrderReferencedDocument BuyerOrderReferencedDocument QuotationReferencedDocument"
        " ContractReferencedDocument AdditionalReferencedDocument BuyerAgentTradeParty SpecifiedProcuringProject"
        " UltimateCustomerOrderReferencedDocument"
    ),
    "ApplicableHeaderTradeDelivery": (
        "RelatedSupplyChainConsignment ShipToTradeParty UltimateShipToTradeParty ShipFromTradeParty"
        " ActualDeliverySupplyChainEvent DespatchAdviceReferencedDocument ReceivingAdviceReferencedDocument"
        " DeliveryNoteReferencedDocument"
    ),
    "ApplicableHeaderTradeSettlement": (
        "CreditorReferenceID PaymentReference TaxCurrencyCode InvoiceCurrencyCode InvoiceIssuerReference"
        " InvoicerTradeParty InvoiceeTradeParty PayeeTradeParty PayerTradeParty TaxApplicableTradeCurrencyExchange"
        " SpecifiedTradeSettlementPaymentMeans ApplicableTradeTax BillingSpecifiedPeriod"
        " SpecifiedTradeAllowanceCharge SpecifiedLogisticsServiceCharge SpecifiedTradePaymentTerms"
        " SpecifiedTradeSettlementHeaderMonetarySummation SpecifiedFinancialAdjustment InvoiceReferencedDocument"
        " ReceivableSpecifiedTradeAccountingAccount SpecifiedAdvancePayment"
    ),
    "SpecifiedTradePaymentTerms": (
        "Description DueDateDateTime DirectDebitMandateID PartialPaymentAmount ApplicableTradePaymentPenaltyTerms"
        " ApplicableTradePaymentDiscountTerms PayeeTradeParty"
    ),
    "AssociatedDocumentLineDocument": "LineID ParentLineID LineStatusCode LineStatusReasonCode IncludedNote",
    "IncludedSupplyChainTradeLineItem": (
        "AssociatedDocumentLineDocument SpecifiedTradeProduct SpecifiedLineTradeAgreement SpecifiedLineTradeDelivery"
        " SpecifiedLineTradeSettlement"
    ),
    "SpecifiedTradeProduct": (
        "ID GlobalID SellerAssignedID BuyerAssignedID IndustryAssignedID ModelID Name Description BatchID BrandName"
        " ModelName ApplicableProductCharacteristic DesignatedProductClassification IndividualTradeProductInstance"
        " OriginTradeCountry ManufacturerTradeParty IncludedReferencedProduct"
    ),
    "SpecifiedLineTradeAgreement": (
        "ApplicableTradeDeliveryTerms SellerOrderReferencedDocument BuyerOrderReferencedDocument"
        " QuotationReferencedDocument ContractReferencedDocument AdditionalReferencedDocument"
        " GrossPriceProductTradePrice NetPriceProductTradePrice ItemSellerTradeParty"
        " UltimateCustomerOrderReferencedDocument"
    ),
    "SpecifiedLineTradeDelivery": (
        "BilledQuantity ChargeFreeQuantity PackageQuantity PerPackageUnitQuantity ShipToTradeParty"
        " UltimateShipToTradeParty ActualDeliverySupplyChainEvent DespatchAdviceReferencedDocument"
        " ReceivingAdviceReferencedDocument DeliveryNoteReferencedDocument"
    ),
    "SpecifiedLineTradeSettlement": (
        "ApplicableTradeTax BillingSpecifiedPeriod SpecifiedTradeAllowanceCharge"
        " SpecifiedTradeSettlementLineMonetarySummation InvoiceReferencedDocument AdditionalReferencedDocument"
        " ReceivableSpecifiedTradeAccountingAccount"
    ),
    "SpecifiedTradeSettlementLineMonetarySummation": (
        "LineTotalAmount ChargeTotalAmount AllowanceTotalAmount TaxTotalAmount GrandTotalAmount"
        " TotalAllowanceChargeAmount"
    ),
    "SpecifiedAdvancePayment": (
        "PaidAmount FormattedReceivedDateTime IncludedTradeTax InvoiceSpecifiedReferencedDocument"
    ),
    "ApplicableTradeTax": (
        "CalculatedAmount TypeCode ExemptionReason BasisAmount LineTotalBasisAmount AllowanceChargeBasisAmount"
        " CategoryCode ExemptionReasonCode TaxPointDate DueDateTypeCode RateApplicablePercent"
    ),
    "SpecifiedTradeSettlementPaymentMeans": (
        "TypeCode Information ApplicableTradeSettlementFinancialCard PayerPartyDebtorFinancialAccount"
        " PayeePartyCreditorFinancialAccount PayerSpecifiedDebtorFinancialInstitution"
        " PayeeSpecifiedCreditorFinancialInstitution"
    ),
    "RelevantTradeLocation": "CountryID Name",
    "BillingSpecifiedPeriod": "Description StartDateTime EndDateTime CompleteDateTime",
    "PayerPartyDebtorFinancialAccount": "IBANID AccountName",
    "ReceivableSpecifiedTradeAccountingAccount": "ID TypeCode",
    "InvoiceSpecifiedReferencedDocument": _CII_REFERENCE,
    "NetPriceProductTradePrice": "ChargeAmount BasisQuantity AppliedTradeAllowanceCharge IncludedTradeTax",
    "IncludedTradeTax": (
        "CalculatedAmount TypeCode ExemptionReason BasisAmount CategoryCode ExemptionReasonCode RateApplicablePercent"
    ),
    "SellerOrderReferencedDocument": _CII_REFERENCE,
    "BuyerOrderReferencedDocument": _CII_REFERENCE,
    "ContractReferencedDocument": _CII_REFERENCE,
    "DespatchAdviceReferencedDocument": _CII_REFERENCE,
    "ReceivingAdviceReferencedDocument": _CII_REFERENCE,
}

_UBL_HEAD = (
    "UBLExtensions UBLVersionID CustomizationID ProfileID ProfileExecutionID ID CopyIndicator UUID IssueDate IssueTime"
)
_UBL_MIDDLE = (
    "DocumentCurrencyCode TaxCurrencyCode PricingCurrencyCode PaymentCurrencyCode PaymentAlternativeCurrencyCode"
    " AccountingCostCode AccountingCost LineCountNumeric BuyerReference InvoicePeriod"
)
_UBL_PARTIES = (
    "Signature AccountingSupplierParty AccountingCustomerParty PayeeParty BuyerCustomerParty SellerSupplierParty"
    " TaxRepresentativeParty Delivery DeliveryTerms PaymentMeans PaymentTerms"
)
_UBL_RATES = "TaxExchangeRate PricingExchangeRate PaymentExchangeRate PaymentAlternativeExchangeRate"
_UBL_REFERENCE = "ID CopyIndicator UUID IssueDate IssueTime DocumentTypeCode DocumentType DocumentStatusCode"
_UBL_LINE = (
    "ID UUID Note {quantity} LineExtensionAmount TaxPointDate AccountingCostCode AccountingCost PaymentPurposeCode"
    " FreeOfChargeIndicator InvoicePeriod OrderLineReference DiscrepancyResponse DespatchLineReference"
    " ReceiptLineReference BillingReference DocumentReference PricingReference OriginatorParty Delivery PaymentTerms"
)

_UBL = {
    "Invoice": (
        f"{_UBL_HEAD} DueDate InvoiceTypeCode Note TaxPointDate {_UBL_MIDDLE} OrderReference BillingReference"
        " DespatchDocumentReference ReceiptDocumentReference StatementDocumentReference OriginatorDocumentReference"
        f" ContractDocumentReference AdditionalDocumentReference ProjectReference {_UBL_PARTIES} PrepaidPayment"
        f" AllowanceCharge {_UBL_RATES} TaxTotal WithholdingTaxTotal LegalMonetaryTotal InvoiceLine"
    ),
    "CreditNote": (
        f"{_UBL_HEAD} TaxPointDate CreditNoteTypeCode Note {_UBL_MIDDLE} DiscrepancyResponse OrderReference"
        " BillingReference DespatchDocumentReference ReceiptDocumentReference ContractDocumentReference"
        " AdditionalDocumentReference StatementDocumentReference OriginatorDocumentReference"
        f" {_UBL_PARTIES} {_UBL_RATES} AllowanceCharge TaxTotal LegalMonetaryTotal CreditNoteLine"
    ),
    "Party": (
        "EndpointID IndustryClassificationCode PartyIdentification PartyName Language PostalAddress PhysicalLocation"
        " PartyTaxScheme PartyLegalEntity Contact Person AgentParty ServiceProviderParty PowerOfAttorney"
        " FinancialAccount"
    ),
    "OrderReference": "ID SalesOrderID CopyIndicator UUID IssueDate",
    "ContractDocumentReference": _UBL_REFERENCE,
    "DespatchDocumentReference": _UBL_REFERENCE,
    "ReceiptDocumentReference": _UBL_REFERENCE,
    "InvoiceDocumentReference": _UBL_REFERENCE,
    "DocumentReference": _UBL_REFERENCE,
    "PaymentMandate": "ID PayerParty PayerFinancialAccount",
    "PaymentTerms": (
        "ID Note SettlementDiscountPercent PenaltySurchargePercent PaymentPercent Amount SettlementDiscountAmount"
        " PenaltyAmount PaymentDueDate SettlementPeriod PenaltyPeriod"
    ),
    "SettlementPeriod": "StartDate DurationMeasure",
    "PenaltyPeriod": "StartDate DurationMeasure",
    "PrepaidPayment": "ID PaidAmount ReceivedDate PaidDate PaidTime InstructionID",
    "InvoiceLine": (
        f"{_UBL_LINE.format(quantity='InvoicedQuantity')} AllowanceCharge TaxTotal WithholdingTaxTotal Item Price"
        " DeliveryTerms"
    ),
    "CreditNoteLine": (
        f"{_UBL_LINE.format(quantity='CreditedQuantity')} TaxTotal AllowanceCharge Item Price DeliveryTerms"
    ),
    "InvoicePeriod": "StartDate EndDate DurationMeasure DescriptionCode Description",
    "ClassifiedTaxCategory": "ID Name Percent TaxExemptionReasonCode TaxExemptionReason TaxScheme",
    "PayerFinancialAccount": "ID Name FinancialInstitutionBranch",
    "OrderLineReference": "LineID SalesOrderLineID UUID LineStatusCode OrderReference",
    "Item": (
        "Description PackQuantity Name BrandName ModelName BuyersItemIdentification SellersItemIdentification"
        " StandardItemIdentification OriginCountry CommodityClassification ClassifiedTaxCategory"
        " AdditionalItemProperty ManufacturerParty ItemInstance"
    ),
    "AdditionalItemProperty": "ID Name NameCode Value ValueQuantity",
}

CII_ORDER = {parent: tuple(children.split()) for parent, children in _CII.items()}
UBL_ORDER = {parent: tuple(children.split()) for parent, children in _UBL.items()}
